using DhcpHost.Linux.Interop;
using DhcpHost.Scripting.Sources;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Scripting.Compilation;

/// <summary>Keeps compiled scripts on disk, so that one is compiled once per content, and a start of the host compiles nothing.</summary>
/// <remarks>What is not there yet may have come with the program, compiled when that was published: it is read from there, and not copied.</remarks>
public sealed class CachingCompiler : IScriptCompiler
{
    private const int MaxFiles = 1024;
    private readonly CompiledScriptFolder _cache;
    private readonly CompiledScriptFolder? _seed;
    private readonly IScriptCompiler _compiler;
    private readonly ILogger _logger;
    private long _compiled;

    /// <param name="directory">Where; made with mode 0700.</param>
    /// <param name="seedDirectory">What came with the program, only read; <c>null</c> where nothing did.</param>
    /// <param name="compiler">Compiles what is in neither.</param>
    /// <param name="logger">Told of files that are not used.</param>
    public CachingCompiler(string directory, string? seedDirectory, IScriptCompiler compiler, ILogger logger)
    {
        _cache = new(directory, isShared: false, logger);
        _seed = seedDirectory is null ? null : new(seedDirectory, isShared: true, logger);
        _compiler = compiler;
        _logger = logger;
    }

    /// <summary>Scripts that had to be compiled.</summary>
    public long Compiled => Volatile.Read(ref _compiled);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CompiledScript>> CompileAsync(IReadOnlyList<ScriptSource> sources, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var results = sources.Select(source => Find(_cache, source)).ToArray();
        if (results.Contains(null) && _seed?.IsTrusted() == true)
        {
            results = [.. results.Zip(sources, (found, source) => found ?? Find(_seed, source))];
        }

        int[] missing = [.. Enumerable.Range(0, results.Length).Where(index => results[index] is null)];
        if (missing.Length > 0)
        {
            var compiled = await _compiler.CompileAsync([.. missing.Select(index => sources[index])], cancellationToken);
            _ = Interlocked.Add(ref _compiled, missing.Length);
            foreach (var (index, script) in missing.Zip(compiled))
            {
                results[index] = script;
                Write(sources[index], script);
            }
        }

        return results!;
    }

    private static CompiledScript? Find(CompiledScriptFolder folder, ScriptSource source) =>
        folder.TryRead(source) is { } image ? new(image, []) : null;

    private void Write(ScriptSource source, CompiledScript script)
    {
        if (script.Image is null)
        {
            return;
        }

        try
        {
            _cache.Ensure();
            _cache.Write(source, script.Image);
            // Old contents of scripts pile up.
            _cache.KeepNewest(MaxFiles);
        }
        catch (Exception exception) when (exception is LinuxException or IOException or UnauthorizedAccessException)
        {
            ScriptLog.CacheNotWritten(_logger, exception, exception.Message);
        }
    }
}

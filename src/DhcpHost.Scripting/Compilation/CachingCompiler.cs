using System.Security.Cryptography;
using System.Text;
using DhcpHost.Abstractions.Policies;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using DhcpHost.Scripting.Sources;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Scripting.Compilation;

/// <summary>Keeps compiled scripts on disk, so that one is compiled once per content, and a start of the host compiles nothing.</summary>
/// <remarks>
/// A file's name is the hash of all that its code depends on: the sources, the contract, the runtime, the compiler, and this assembly,
/// which puts the guard in. A file that is not the host's own, or not whole, is as if it were not there.
/// </remarks>
public sealed class CachingCompiler : IScriptCompiler
{
    private const string Ending = ".script";
    private const int MaxFiles = 1024;
    private const int MaxFileBytes = 32 << 20;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly string Environment = DescribeEnvironment();
    private readonly string _directory;
    private readonly IScriptCompiler _compiler;
    private readonly ILogger _logger;
    private long _compiled;

    /// <param name="directory">Where; made with mode 0700.</param>
    /// <param name="compiler">Compiles what is not there.</param>
    /// <param name="logger">Told of files that are not used.</param>
    public CachingCompiler(string directory, IScriptCompiler compiler, ILogger logger)
    {
        _directory = Path.GetFullPath(directory);
        _compiler = compiler;
        _logger = logger;
    }

    /// <summary>Scripts that had to be compiled.</summary>
    public long Compiled => Volatile.Read(ref _compiled);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CompiledScript>> CompileAsync(IReadOnlyList<ScriptSource> sources, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var results = new CompiledScript?[sources.Count];
        var missing = new List<int>();
        for (var index = 0; index < sources.Count; index++)
        {
            results[index] = TryRead(sources[index]);
            if (results[index] is null)
            {
                missing.Add(index);
            }
        }

        if (missing.Count > 0)
        {
            var compiled = await _compiler.CompileAsync([.. missing.Select(index => sources[index])], cancellationToken);
            _ = Interlocked.Add(ref _compiled, missing.Count);
            foreach (var (index, script) in missing.Zip(compiled))
            {
                results[index] = script;
                Write(sources[index], script);
            }
        }

        return results!;
    }

    private CompiledScript? TryRead(ScriptSource source)
    {
        var path = PathOf(source);
        try
        {
            if (PrivateFile.TryRead(path, MaxFileBytes, out var reason) is not { } bytes)
            {
                if (File.Exists(path))
                {
                    ScriptLog.CacheFileRefused(_logger, path, reason);
                }

                return null;
            }

            if (ScriptImageWriter.TryRead(bytes) is { } image)
            {
                return new(image, []);
            }

            ScriptLog.CacheFileRefused(_logger, path, "it is damaged; the script is compiled anew");
        }
        catch (LinuxException exception)
        {
            ScriptLog.CacheFileRefused(_logger, path, exception.Message);
        }

        return null;
    }

    private void Write(ScriptSource source, CompiledScript script)
    {
        if (script.Image is null)
        {
            return;
        }

        try
        {
            EnsureDirectory();
            var path = PathOf(source);
            // What stands there was refused: it may belong to another user, whom a corrected mode would not stop.
            File.Delete(path);
            _ = AtomicFile.WriteIfChanged(path, ScriptImageWriter.Write(script.Image), OwnerOnly);
            Prune();
        }
        catch (Exception exception) when (exception is LinuxException or IOException or UnauthorizedAccessException)
        {
            ScriptLog.CacheNotWritten(_logger, exception, exception.Message);
        }
    }

    private void EnsureDirectory()
    {
        if (Path.GetDirectoryName(_directory) is { } parent)
        {
            _ = Directory.CreateDirectory(parent);
        }

        _ = PrivateDirectory.Ensure(_directory);
    }

    /// <summary>Old contents of scripts pile up: the oldest go.</summary>
    private void Prune()
    {
        var files = new DirectoryInfo(_directory).GetFiles("*" + Ending);
        foreach (var file in files.OrderByDescending(file => file.LastWriteTimeUtc).Skip(MaxFiles))
        {
            file.Delete();
        }

        _ = AtomicFile.DeleteLeftovers(_directory);
    }

    private string PathOf(ScriptSource source)
    {
        var key = SHA256.HashData(Encoding.UTF8.GetBytes($"{Environment}\n{source.Name}\n{source.Hash}"));
        return Path.Combine(_directory, Convert.ToHexStringLower(key) + Ending);
    }

    private static string DescribeEnvironment()
    {
        // The compiler's version is read from this assembly's references: the compiler itself is not loaded for it.
        var compiler = typeof(CachingCompiler)
            .Assembly.GetReferencedAssemblies()
            .Where(name => name.Name?.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) == true);
        return string.Join('\n',
            [
                typeof(PoolSizeContext).Module.ModuleVersionId.ToString(),
                typeof(CachingCompiler).Module.ModuleVersionId.ToString(),
                System.Environment.Version.ToString(),
                .. compiler.Select(name => name.FullName).Order(StringComparer.Ordinal),
            ]);
    }
}

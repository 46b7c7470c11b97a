using DhcpHost.Core.Limits;
using DhcpHost.Linux.Interop;
using DhcpHost.Scripting.Reload;
using DhcpHost.Scripting.Sources;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Scripting.Compilation;

/// <summary>
/// The hidden command <c>dhcphost seed-scripts SCRIPTS SEED</c>, by which a program that is published compiles the scripts that ship with it:
/// the first start of a host finds them compiled.
/// </summary>
public static class SeedScriptsCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "seed-scripts";

    /// <summary>Where a published program has its scripts compiled.</summary>
    public static string BesideProgram => Path.Combine(AppContext.BaseDirectory, "compiled-scripts");

    /// <summary>Compiles those that are not there yet, and deletes all others. A script with errors is told and left out.</summary>
    /// <param name="scripts">The folder with <c>policies/</c> and <c>jobs/</c>.</param>
    /// <param name="seed">Where the compiled ones belong; made where it is not there.</param>
    /// <param name="error">Where it says what is wrong with scripts, and why it failed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exit code: 0, or 73 (EX_CANTCREAT) where the folder cannot be written.</returns>
    public static async Task<int> RunAsync(string scripts, string seed, TextWriter error, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(error);
        var sources = await ReadAsync(Path.GetFullPath(scripts), error, cancellationToken);
        var folder = new CompiledScriptFolder(seed, isShared: true, NullLogger.Instance);
        var missing = sources.Where(source => folder.TryRead(source) is null).ToList();
        try
        {
            folder.Ensure();
            var compiled = await new InProcessCompiler().CompileAsync(missing, cancellationToken);
            foreach (var (source, script) in missing.Zip(compiled))
            {
                await TellAsync(script.Problems, scripts, error);
                if (script.Image is { } image)
                {
                    folder.Write(source, image);
                }
            }

            folder.KeepOnly(sources);
            return 0;
        }
        catch (Exception exception) when (exception is LinuxException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"{Name}: {exception.Message}");
            return 73;
        }
    }

    private static async Task<List<ScriptSource>> ReadAsync(string scripts, TextWriter error, CancellationToken cancellationToken)
    {
        var reader = new ScriptSourceReader(scripts, new LimitsOptions().FileBytes);
        var sources = new List<ScriptSource>();
        foreach (var (name, kind, path) in ScriptFolder.List(scripts))
        {
            if (kind is not null && await reader.ReadAsync(name, kind, path, cancellationToken) is var (source, problem))
            {
                await TellAsync(problem is null ? [] : [problem], scripts, error);
                sources.AddRange(source is null ? [] : [source]);
            }
        }

        return sources;
    }

    private static async Task TellAsync(IEnumerable<ScriptProblem> problems, string scripts, TextWriter error)
    {
        foreach (var problem in problems)
        {
            await error.WriteLineAsync(problem.Format(scripts));
        }
    }
}

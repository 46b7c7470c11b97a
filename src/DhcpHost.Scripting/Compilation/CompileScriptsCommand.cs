using System.Text.Json;

namespace DhcpHost.Scripting.Compilation;

/// <summary>
/// The hidden command <c>dhcphost compile-scripts REQUEST ANSWER</c>: a short-lived child in which the compiler is loaded instead of in the
/// host.
/// </summary>
public static class CompileScriptsCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "compile-scripts";

    /// <summary>Compiles what a request file asks for and writes the answer beside it.</summary>
    /// <param name="requestFile">Written by <see cref="ChildProcessCompiler"/>.</param>
    /// <param name="answerFile">Written here.</param>
    /// <param name="error">Where it says why it failed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exit code: 0, or 65 (EX_DATAERR) where the request cannot be read.</returns>
    public static async Task<int> RunAsync(string requestFile, string answerFile, TextWriter error, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(error);
        try
        {
            var sources = CompileRequestFile.ReadRequest(await File.ReadAllBytesAsync(requestFile, cancellationToken));
            var scripts = await new InProcessCompiler().CompileAsync(sources, cancellationToken);
            await File.WriteAllBytesAsync(answerFile, CompileRequestFile.WriteAnswer(scripts), cancellationToken);
            return 0;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"{Name}: {exception.Message}");
            return 65;
        }
    }
}

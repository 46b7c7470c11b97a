namespace DhcpHost.Cli;

/// <summary>Ends a command with a message and an exit code.</summary>
/// <param name="exitCode">One of <see cref="Hosting.ExitCodes"/>.</param>
/// <param name="message">What did not work, and why.</param>
/// <param name="cure">What to do.</param>
internal sealed class CliException(int exitCode, string message, string? cure = null) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public string? Cure { get; } = cure;
}

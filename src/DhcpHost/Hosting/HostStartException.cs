namespace DhcpHost.Hosting;

/// <summary>The host cannot start: the messages say why, the exit code what kind of reason it is.</summary>
/// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="messages">One line each.</param>
/// <param name="innerException">What it was first.</param>
internal sealed class HostStartException(int exitCode, IReadOnlyList<string> messages, Exception? innerException = null)
    : Exception(string.Join("; ", messages), innerException)
{
    public int ExitCode { get; } = exitCode;

    public IReadOnlyList<string> Messages { get; } = messages;
}

namespace DhcpHost.NeutronLab.Tests.Lab;

/// <summary>The last lines of a server's log, for a test's message.</summary>
internal static class LogTail
{
    private const int Lines = 40;

    public static async Task<string> ReadAsync(string file, CancellationToken cancellationToken) =>
        File.Exists(file) ? string.Join('\n', (await File.ReadAllLinesAsync(file, cancellationToken)).TakeLast(Lines)) : "(no log)";
}

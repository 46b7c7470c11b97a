namespace DhcpHost.NeutronLab.Tests.Lab;

/// <summary>The last lines of a server's log, for a test's message.</summary>
internal static class LogTail
{
    private const int Lines = 40;

    // Requests, of which there are thousands, and its answers about other machines' taps.
    private static readonly string[] Noise = ["\"GET /v2.0/", "No ports have port_id"];

    public static async Task<string> ReadAsync(string file, CancellationToken cancellationToken) =>
        File.Exists(file) ? string.Join('\n', (await File.ReadAllLinesAsync(file, cancellationToken)).Where(Counts).TakeLast(Lines)) : "(no log)";

    private static bool Counts(string line) => !Noise.Any(part => line.Contains(part, StringComparison.Ordinal));
}

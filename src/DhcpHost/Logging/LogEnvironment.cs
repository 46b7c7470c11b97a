namespace DhcpHost.Logging;

/// <summary>What standard error is.</summary>
/// <param name="IsJournal">systemd's journal reads it.</param>
/// <param name="HasColor">It is a terminal that shows colour.</param>
public sealed record LogEnvironment(bool IsJournal, bool HasColor)
{
    /// <summary>What it is for this process; <c>NO_COLOR</c> is heeded.</summary>
    public static LogEnvironment Detect()
    {
        var isTerminal = !Console.IsErrorRedirected;
        var isJournal = !isTerminal && Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 };
        var wantsColor = Environment.GetEnvironmentVariable("NO_COLOR") is not { Length: > 0 } && Environment.GetEnvironmentVariable("TERM") is not "dumb";
        return new(isJournal, isTerminal && wantsColor);
    }
}

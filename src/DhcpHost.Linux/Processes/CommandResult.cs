namespace DhcpHost.Linux.Processes;

/// <summary>How a helper command ended and what it said.</summary>
/// <param name="Exit">Its end.</param>
/// <param name="IsTimedOut">It was killed at its deadline.</param>
/// <param name="Output">Standard output as UTF-8, cut at the bound.</param>
/// <param name="Error">Standard error as UTF-8, cut at the bound.</param>
public sealed record CommandResult(ProcessExit Exit, bool IsTimedOut, string Output, string Error)
{
    /// <summary>It exited with status 0.</summary>
    public bool IsSuccess => Exit.Code == 0;
}

namespace DhcpHost.Linux.Processes;

/// <summary>Whether a recorded process still runs.</summary>
public enum ProcessMatch
{
    /// <summary>It does.</summary>
    Same,
    /// <summary>Nothing runs under its number, or the host was booted since.</summary>
    Gone,
    /// <summary>Another process has its number now, or the one that has it cannot be proved to be the same: not to be touched.</summary>
    Foreign,
}

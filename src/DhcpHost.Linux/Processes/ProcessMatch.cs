namespace DhcpHost.Linux.Processes;

/// <summary>Whether a recorded process still runs.</summary>
public enum ProcessMatch
{
    /// <summary>It does.</summary>
    Same,
    /// <summary>It has ended: nothing runs under its number, or what does was started at another time, or the host was booted since.</summary>
    Gone,
    /// <summary>
    /// A process of its number and start time runs that does not bear the marker: it cannot be proved to be the same, and is not to be touched.
    /// </summary>
    Foreign,
}

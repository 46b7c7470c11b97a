namespace DhcpHost.Scheduling.Definition;

/// <summary>
/// What becomes of runs whose time passed while the job could not run: it still ran, the host was suspended, or the clock was set forward.
/// </summary>
public enum MisfireRule
{
    /// <summary>One run at once for all that were missed.</summary>
    RunOnce,

    /// <summary>None: the next one is at its own time.</summary>
    Skip,
}

namespace DhcpHost.Abstractions.Status;

/// <summary>Where a network stands.</summary>
public enum NetworkPhase
{
    /// <summary>Known, not yet worked on.</summary>
    Pending,

    /// <summary>A worker has it.</summary>
    Reconciling,

    /// <summary>Served as its source wishes.</summary>
    Ready,

    /// <summary>Served, but for parts that were refused.</summary>
    Degraded,

    /// <summary>Failed; another attempt has its time.</summary>
    Retrying,

    /// <summary>Failed too often, or in a way that no retry cures: waits for a change, a probe or an operator.</summary>
    Quarantined,

    /// <summary>A limit or the site's policy refuses it.</summary>
    Refused,

    /// <summary>Its administrative state is down, or it has nothing to serve: nothing runs.</summary>
    Disabled,

    /// <summary>Gone at the source; what ran is being removed.</summary>
    Removing,

    /// <summary>It is gone, and all that ran for it: the last that who follows statuses hears of it. No list has it.</summary>
    Removed,
}

namespace DhcpHost.Abstractions.Drivers;

/// <summary>Why something is removed, which decides what is kept.</summary>
public enum RemoveReason
{
    /// <summary>The network is gone: nothing is kept.</summary>
    NetworkGone,

    /// <summary>The network is disabled, or served by another driver from now on: leases are kept for later.</summary>
    Disabled,
}

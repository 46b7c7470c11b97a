namespace DhcpHost.Core.Store;

/// <summary>What news did to the store.</summary>
public enum StoreChange
{
    /// <summary>The network was not known.</summary>
    Added,

    /// <summary>The network differs from what was known.</summary>
    Changed,

    /// <summary>The network is gone.</summary>
    Removed,

    /// <summary>It is what was known already.</summary>
    Unchanged,

    /// <summary>It is older than what is known: dropped.</summary>
    Stale,

    /// <summary>Another source tells of a network with this id: refused, until that one gives it up.</summary>
    Claimed,
}

namespace DhcpHost.Abstractions.Drivers;

/// <summary>What an apply did, from the least to the most that clients can notice.</summary>
public enum ApplyAction
{
    /// <summary>What runs is what was asked for: nothing was touched.</summary>
    Unchanged,

    /// <summary>Changed in place; nobody was without a server.</summary>
    Reloaded,

    /// <summary>Stopped and started anew.</summary>
    Restarted,

    /// <summary>Nothing ran; it was started.</summary>
    Started,
}

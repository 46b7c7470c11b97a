namespace DhcpHost.Abstractions.Drivers;

/// <summary>How something that a driver runs is, compared with its handle.</summary>
public enum InspectState
{
    /// <summary>As it was applied.</summary>
    Running,

    /// <summary>There, but not as it was applied: somebody changed it.</summary>
    Drifted,

    /// <summary>Not there.</summary>
    Missing,

    /// <summary>Something is there that is not ours.</summary>
    Foreign,
}

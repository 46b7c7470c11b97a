namespace DhcpHost.Logging;

/// <summary>The least grave line that is written.</summary>
public enum LogThreshold
{
    /// <summary>Everything, with each step's details.</summary>
    Trace,

    /// <summary>What a developer wants to know.</summary>
    Debug,

    /// <summary>What happens.</summary>
    Info,

    /// <summary>What somebody should know.</summary>
    Warning,

    /// <summary>What failed.</summary>
    Error,

    /// <summary>What ends the host.</summary>
    Critical,

    /// <summary>Nothing.</summary>
    Off,
}

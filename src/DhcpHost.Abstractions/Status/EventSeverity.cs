namespace DhcpHost.Abstractions.Status;

/// <summary>How grave an event is.</summary>
public enum EventSeverity
{
    /// <summary>As it should be.</summary>
    Info,

    /// <summary>Somebody should know.</summary>
    Warning,

    /// <summary>Something is not served as wished.</summary>
    Error,
}

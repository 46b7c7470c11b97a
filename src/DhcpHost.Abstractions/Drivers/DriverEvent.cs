namespace DhcpHost.Abstractions.Drivers;

/// <summary>Something that a driver noticed by itself.</summary>
public abstract record DriverEvent
{
    private DriverEvent()
    {
    }

    /// <summary>The driver's health; the first event of every watch.</summary>
    /// <param name="Health">The health now.</param>
    public sealed record HealthChanged(DriverHealth Health) : DriverEvent;

    /// <summary>A server ended that nobody asked to end.</summary>
    /// <param name="Server">What it was for.</param>
    /// <param name="Exit">How it ended.</param>
    public sealed record ServerExited(ServerKey Server, ServerExit Exit) : DriverEvent;

    /// <summary>Something that the driver had set was changed or taken away behind its back.</summary>
    /// <param name="Server">What it is for.</param>
    /// <param name="Reason">What changed.</param>
    public sealed record Drifted(ServerKey Server, string Reason) : DriverEvent
    {
        /// <summary>
        /// Nobody did harm: something that was not there when the driver set it, such as a bridge that another agent makes, has come, and what waited
        /// for it can be done now. It is put right in the same way, and told without a warning.
        /// </summary>
        public bool IsArrival { get; init; }
    }
}

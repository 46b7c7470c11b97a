using DhcpHost.Abstractions.Drivers;

namespace DhcpHost.DriverConformance.Fakes;

/// <summary>A way in which the fake driver misbehaves.</summary>
public abstract record FakeFault
{
    private FakeFault()
    {
    }

    /// <summary>
    /// Throws before anything was done: a <see cref="Abstractions.Failures.DhcpHostException"/> for an honest failure, anything else for a bug.
    /// </summary>
    /// <param name="Make">Makes the exception.</param>
    public sealed record Throws(Func<Exception> Make) : FakeFault;

    /// <summary>Throws after all was done: what it did is on the machine, but no handle tells of it, as after a crash of the host.</summary>
    /// <param name="Make">Makes the exception.</param>
    public sealed record ThrowsAfterwards(Func<Exception> Make) : FakeFault;

    /// <summary>Takes its time (by the driver's clock), and heeds cancellation.</summary>
    /// <param name="Delay">How long.</param>
    public sealed record IsSlow(TimeSpan Delay) : FakeFault;

    /// <summary>Never ends, unless it is cancelled.</summary>
    public sealed record Hangs : FakeFault;

    /// <summary>Does not end when it is cancelled, but only when the test lets it.</summary>
    /// <param name="Release">Lets it.</param>
    public sealed record IgnoresCancellation(Task Release) : FakeFault;

    /// <summary>Does its work, then the server ends at once.</summary>
    /// <param name="Exit">How.</param>
    public sealed record ServerDies(ServerExit Exit) : FakeFault;

    /// <summary>Does its work, then hands back another handle than its own.</summary>
    /// <param name="Change">Makes the wrong one of the right one.</param>
    public sealed record WrongHandle(Func<DriverHandle, DriverHandle> Change) : FakeFault;
}

namespace DhcpHost.Abstractions.Drivers;

/// <summary>
/// Code that makes one kind of thing real for a network. The host calls it for many networks at once, but never twice at once for one
/// <see cref="ServerKey"/>.
/// </summary>
/// <remarks>
/// Failures are <see cref="Failures.DhcpHostException"/>s. Every call is bounded by its token: a driver that is asked to stop leaves behind only what
/// a later <see cref="INetworkDriver{TPlan, TResult}.ApplyAsync"/> or <see cref="INetworkDriver{TPlan, TResult}.DiscoverAsync"/> finds again.
/// </remarks>
public interface INetworkDriver
{
    /// <summary>Who it is.</summary>
    DriverInfo Info { get; }

    /// <summary>What it can do.</summary>
    DriverCapabilities Capabilities { get; }

    /// <summary>Tells its health at once, then whatever it notices. The host opens it again, with a delay, when it ends.</summary>
    IAsyncEnumerable<DriverEvent> WatchAsync(CancellationToken cancellationToken);
}

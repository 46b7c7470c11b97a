using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Sources;

namespace DhcpHost.Core.Plugins;

/// <summary>The drivers and sources of all plugins that are loaded. Thread-safe.</summary>
public interface IDriverRegistry
{
    /// <summary>All drivers now, with their last health. Ids are unique within a kind.</summary>
    IReadOnlyList<RegisteredDriver> Drivers { get; }

    /// <summary>All sources now. A source's plugin is not swapped while the host runs.</summary>
    IReadOnlyList<INetworkSource> Sources { get; }

    /// <summary>Rents a driver; waits while its plugin is being swapped, and where none is known of that id until all plugins are loaded.</summary>
    /// <typeparam name="TDriver"><see cref="IInterfaceDriver"/>, <see cref="IDhcpDriver"/> or <see cref="IMetadataDriver"/>.</typeparam>
    /// <exception cref="Abstractions.Failures.DhcpHostException"><see cref="Abstractions.Failures.FailureKind.Transient"/>: there
    /// is no such driver now.</exception>
    ValueTask<DriverLease<TDriver>> RentAsync<TDriver>(DriverId id, CancellationToken cancellationToken)
        where TDriver : class, INetworkDriver;

    /// <summary>
    /// Waits until all plugins had their turn, those too that a start puts off until what ran before serves again; asks for them now. Who decides by
    /// which drivers there are, or are not, calls it first.
    /// </summary>
    Task CompleteAsync(CancellationToken cancellationToken);

    /// <summary>Everything that drivers notice, of all drivers, also those that are loaded later. One reader.</summary>
    IAsyncEnumerable<DriverNotice> WatchAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Sets who takes handles over when a plugin is swapped: called with the new driver while nobody can rent either version, and before the old one is ended.
    /// </summary>
    void OnTakeover(Func<INetworkDriver, CancellationToken, Task> takeover);
}

using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Sources;

/// <summary>Tells the host which networks there are. The host calls it from many tasks at once.</summary>
/// <remarks>Failures are <see cref="Failures.DhcpHostException"/>s.</remarks>
public interface INetworkSource
{
    /// <summary>Its id, as in <c>host.toml</c>.</summary>
    PluginId Id { get; }

    /// <summary>All networks, whole.</summary>
    Task<IReadOnlyList<Network>> ListAsync(CancellationToken cancellationToken);

    /// <summary>One network, whole; <c>null</c> where there is none.</summary>
    Task<Network?> GetAsync(NetworkId networkId, CancellationToken cancellationToken);

    /// <summary>
    /// Changes, from before the call of <see cref="ListAsync"/> that follows it, so that none is missed. The host opens it again, with a delay
    /// and a full list, when it ends.
    /// </summary>
    IAsyncEnumerable<SourceEvent> WatchAsync(CancellationToken cancellationToken);

    /// <summary>Makes, or brings up to date, the host's own port on a network: the one whose addresses the server has.</summary>
    /// <exception cref="Failures.DhcpHostException"><see cref="Failures.FailureKind.Exhausted"/> where no address is left.</exception>
    Task<Port> EnsureHostPortAsync(HostPortRequest request, CancellationToken cancellationToken);

    /// <summary>Gives the host's own port back. Idempotent.</summary>
    Task ReleaseHostPortAsync(NetworkId networkId, SegmentId? segmentId, CancellationToken cancellationToken);

    /// <summary>Says that ports are served from now on. Returns when the report is taken over, not when it is delivered.</summary>
    Task ReportReadyAsync(ReadyPortsReport report, CancellationToken cancellationToken);

    /// <summary>Says how the host is; called now and then.</summary>
    Task ReportStatusAsync(HostStatusReport report, CancellationToken cancellationToken);
}

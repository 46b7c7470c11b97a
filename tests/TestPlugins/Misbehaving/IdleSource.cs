using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Sources;

namespace TestPlugins.Misbehaving;

/// <summary>A source of nothing.</summary>
internal sealed class IdleSource(PluginId id) : INetworkSource
{
    public PluginId Id => id;

    public Task<IReadOnlyList<Network>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Network>>([]);

    public Task<Network?> GetAsync(NetworkId networkId, CancellationToken cancellationToken) => Task.FromResult<Network?>(null);

    public IAsyncEnumerable<SourceEvent> WatchAsync(CancellationToken cancellationToken) => AsyncEnumerable.Empty<SourceEvent>();

    public Task<Port> EnsureHostPortAsync(HostPortRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException("It has no networks.");

    public Task ReleaseHostPortAsync(NetworkId networkId, SegmentId? segmentId, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ReportReadyAsync(ReadyPortsReport report, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ReportStatusAsync(HostStatusReport report, CancellationToken cancellationToken) => Task.CompletedTask;
}

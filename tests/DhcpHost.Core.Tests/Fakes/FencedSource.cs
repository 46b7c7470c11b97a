using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Sources;

namespace DhcpHost.Core.Tests.Fakes;

/// <summary>A source as one life of the host sees it: it gets no calls from the dead.</summary>
internal sealed class FencedSource(INetworkSource inner, Fence fence) : INetworkSource
{
    public PluginId Id => inner.Id;

    public Task<IReadOnlyList<Network>> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    public Task<Network?> GetAsync(NetworkId networkId, CancellationToken cancellationToken) => inner.GetAsync(networkId, cancellationToken);

    public IAsyncEnumerable<SourceEvent> WatchAsync(CancellationToken cancellationToken) => inner.WatchAsync(cancellationToken);

    public Task<Port> EnsureHostPortAsync(HostPortRequest request, CancellationToken cancellationToken) =>
        fence.RunAsync(() => inner.EnsureHostPortAsync(request, cancellationToken));

    public Task ReleaseHostPortAsync(NetworkId networkId, SegmentId? segmentId, CancellationToken cancellationToken) =>
        fence.RunAsync(() => inner.ReleaseHostPortAsync(networkId, segmentId, cancellationToken));

    public Task ReportReadyAsync(ReadyPortsReport report, CancellationToken cancellationToken) =>
        fence.RunAsync(() => inner.ReportReadyAsync(report, cancellationToken));

    public Task ReportStatusAsync(HostStatusReport report, CancellationToken cancellationToken) => inner.ReportStatusAsync(report, cancellationToken);
}

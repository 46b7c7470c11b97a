using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Core.Tests.Fakes;

/// <summary>A driver as one life of the host sees it: dead with it.</summary>
internal sealed class FencedDhcpDriver(IDhcpDriver inner, Fence fence) : IDhcpDriver
{
    public DriverInfo Info => inner.Info;

    public DriverCapabilities Capabilities => inner.Capabilities;

    public IAsyncEnumerable<DriverEvent> WatchAsync(CancellationToken cancellationToken) => inner.WatchAsync(cancellationToken);

    public Task<ApplyResult> ApplyAsync(DhcpPlan plan, DriverHandle? handle, CancellationToken cancellationToken) =>
        fence.RunAsync(() => inner.ApplyAsync(plan, handle, cancellationToken));

    public Task<ApplyPreview> PreviewAsync(DhcpPlan plan, DriverHandle? handle, CancellationToken cancellationToken) =>
        fence.RunAsync(() => inner.PreviewAsync(plan, handle, cancellationToken));

    public Task<RecoverResult> RecoverAsync(DriverHandle handle, CancellationToken cancellationToken) =>
        fence.RunAsync(() => inner.RecoverAsync(handle, cancellationToken));

    public Task<InspectResult> InspectAsync(DriverHandle handle, CancellationToken cancellationToken) =>
        fence.RunAsync(() => inner.InspectAsync(handle, cancellationToken));

    public Task RemoveAsync(DriverHandle handle, RemoveReason reason, CancellationToken cancellationToken) =>
        fence.RunAsync(() => inner.RemoveAsync(handle, reason, cancellationToken));

    public Task<IReadOnlyList<DriverHandle>> DiscoverAsync(CancellationToken cancellationToken) => fence.RunAsync(() => inner.DiscoverAsync(cancellationToken));

    public Task<IReadOnlyList<Lease>> ListLeasesAsync(DriverHandle handle, CancellationToken cancellationToken) =>
        fence.RunAsync(() => inner.ListLeasesAsync(handle, cancellationToken));

    public Task<bool> ReleaseLeaseAsync(DriverHandle handle, Lease lease, CancellationToken cancellationToken) =>
        fence.RunAsync(() => inner.ReleaseLeaseAsync(handle, lease, cancellationToken));
}

using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.InProcess.Tests.Conformance;

/// <summary>Passes every call on, and remembers on which interface a network was to be served.</summary>
internal sealed class RecordingDriver(IDhcpDriver driver, Action<DhcpPlan> onApply) : IDhcpDriver
{
    public DriverInfo Info => driver.Info;

    public DriverCapabilities Capabilities => driver.Capabilities;

    public Task<ApplyResult> ApplyAsync(DhcpPlan plan, DriverHandle? handle, CancellationToken cancellationToken)
    {
        onApply(plan);
        return driver.ApplyAsync(plan, handle, cancellationToken);
    }

    public Task<ApplyPreview> PreviewAsync(DhcpPlan plan, DriverHandle? handle, CancellationToken cancellationToken) =>
        driver.PreviewAsync(plan, handle, cancellationToken);

    public Task<RecoverResult> RecoverAsync(DriverHandle handle, CancellationToken cancellationToken) => driver.RecoverAsync(handle, cancellationToken);

    public Task<InspectResult> InspectAsync(DriverHandle handle, CancellationToken cancellationToken) => driver.InspectAsync(handle, cancellationToken);

    public Task RemoveAsync(DriverHandle handle, RemoveReason reason, CancellationToken cancellationToken) =>
        driver.RemoveAsync(handle, reason, cancellationToken);

    public Task<IReadOnlyList<DriverHandle>> DiscoverAsync(CancellationToken cancellationToken) => driver.DiscoverAsync(cancellationToken);

    public Task<IReadOnlyList<Lease>> ListLeasesAsync(DriverHandle handle, CancellationToken cancellationToken) =>
        driver.ListLeasesAsync(handle, cancellationToken);

    public Task<bool> ReleaseLeaseAsync(DriverHandle handle, Lease lease, CancellationToken cancellationToken) =>
        driver.ReleaseLeaseAsync(handle, lease, cancellationToken);

    public IAsyncEnumerable<DriverEvent> WatchAsync(CancellationToken cancellationToken) => driver.WatchAsync(cancellationToken);
}

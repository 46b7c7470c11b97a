using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;

namespace DhcpHost.Interfaces;

/// <summary>
/// A namespace for each network with a link in it: all that interface drivers have in common. They differ in their <see cref="InterfacePlug"/>.
/// </summary>
public abstract class InterfaceDriver : IInterfaceDriver, IDisposable
{
    private readonly InterfacePlug _plug;
    private readonly bool _detectDuplicateAddresses;
    private readonly InterfaceKernel _kernel;
    private readonly InterfaceRecords _records;
    private readonly InterfaceWatch _watch;

    /// <summary>Opens netlink; makes nothing yet.</summary>
    /// <param name="id">The driver's name.</param>
    /// <param name="context">Where its records are.</param>
    /// <param name="plug">What it does in its own way.</param>
    /// <param name="broker">Works inside namespaces; stays the caller's.</param>
    /// <param name="detectDuplicateAddresses">Whether IPv6 duplicate address detection runs in new namespaces.</param>
    protected InterfaceDriver(DriverId id, IPluginContext context, InterfacePlug plug, NetnsBroker broker, bool detectDuplicateAddresses)
    {
        _plug = plug;
        _detectDuplicateAddresses = detectDuplicateAddresses;
        _kernel = new(broker, plug, detectDuplicateAddresses);
        _records = new(Path.Combine(context.StateDirectory, "interfaces"), id);
        _watch = new(_kernel, plug, id, context.TimeProvider);
        Info = new(id, GetType().Assembly.GetName().Version!.ToString(3), PluginContract.Version);
    }

    /// <inheritdoc/>
    public DriverInfo Info { get; }

    /// <inheritdoc/>
    public DriverCapabilities Capabilities { get; } = new() { IPv4 = true, IPv6 = true, HotReload = true, SurvivesHostRestart = true };

    /// <inheritdoc/>
    public IAsyncEnumerable<DriverEvent> WatchAsync(CancellationToken cancellationToken) => _watch.WatchAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<InterfaceApplyResult> ApplyAsync(InterfacePlan plan, DriverHandle? handle, CancellationToken cancellationToken) =>
        AsDriverFailureAsync(plan.Server, () => ApplyCoreAsync(plan, handle, cancellationToken));

    /// <inheritdoc/>
    public Task<ApplyPreview> PreviewAsync(InterfacePlan plan, DriverHandle? handle, CancellationToken cancellationToken) =>
        AsDriverFailureAsync(plan.Server, async () =>
        {
            var desired = Desire(plan);
            var observed = await _kernel.ObserveAsync(desired, cancellationToken);
            var changes = InterfaceDiff.Compute(_plug, desired, observed);
            return new ApplyPreview
            {
                Action = ActionOf(changes, observed),
                Reasons = ReasonsOf(changes),
                Changes = changes.Select(change => change.Preview).ToEquatableArray(),
            };
        });

    /// <inheritdoc/>
    public Task<RecoverResult> RecoverAsync(DriverHandle handle, CancellationToken cancellationToken) =>
        AsDriverFailureAsync(handle.Server, async () =>
        {
            if (InterfaceRecords.Read(handle) is not { } desired)
            {
                return new RecoverResult(RecoverOutcome.Gone, $"The note has the form {handle.Version}, which this version does not know.");
            }

            var observed = await _kernel.ObserveAsync(desired, cancellationToken);
            if (!_plug.IsWhole(observed))
            {
                return new(RecoverOutcome.Gone, $"{desired.Device} is not there any more, or not connected to {desired.HostDevice}.");
            }

            _watch.Add(handle.Server, desired);
            return new(RecoverOutcome.Recovered);
        });

    /// <inheritdoc/>
    public Task<InspectResult> InspectAsync(DriverHandle handle, CancellationToken cancellationToken) =>
        AsDriverFailureAsync(handle.Server, async () =>
        {
            if (InterfaceRecords.Read(handle) is not { } desired)
            {
                return new InspectResult { State = InspectState.Missing };
            }

            var observed = await _kernel.ObserveAsync(desired, cancellationToken);
            var changes = InterfaceDiff.Compute(_plug, desired, observed);
            return new()
            {
                State = changes.Count == 0 ? InspectState.Running : _plug.IsWhole(observed) ? InspectState.Drifted : InspectState.Missing,
                Reason = changes.Count == 0 ? null : string.Join("; ", ReasonsOf(changes)),
                Details = new([new("namespace", desired.Namespace), new("device", desired.Device), new("bridge", desired.Bridge)]),
            };
        });

    /// <inheritdoc/>
    public Task RemoveAsync(DriverHandle handle, RemoveReason reason, CancellationToken cancellationToken) =>
        AsDriverFailureAsync(handle.Server, async () =>
        {
            _watch.Remove(handle.Server);
            if (InterfaceRecords.Read(handle) is { } desired)
            {
                await _kernel.RemoveAsync(desired, cancellationToken);
            }

            _records.Delete(handle.Server);
            return true;
        });

    /// <inheritdoc/>
    public Task<IReadOnlyList<DriverHandle>> DiscoverAsync(CancellationToken cancellationToken) => _records.ListAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes what was opened; interfaces stay.</summary>
    protected virtual void Dispose(bool disposing)
    {
        _watch.Dispose();
        _kernel.Dispose();
    }

    private async Task<InterfaceApplyResult> ApplyCoreAsync(InterfacePlan plan, DriverHandle? handle, CancellationToken cancellationToken)
    {
        var desired = Desire(plan);
        var newHandle = _records.ToHandle(plan.Server, desired);
        if (handle is not null && InterfaceRecords.Read(handle) is { } before && IsElsewhere(before, desired))
        {
            // Another port or another namespace prefix: the old interface would stay beside the new one.
            await _kernel.RemoveAsync(before, cancellationToken);
        }

        _watch.Remove(plan.Server);
        _records.Write(newHandle);
        var observed = await _kernel.ObserveAsync(desired, cancellationToken);
        _plug.Check(desired, observed);
        var changes = InterfaceDiff.Compute(_plug, desired, observed);
        if (changes.Count > 0)
        {
            await _kernel.ExecuteAsync(desired, changes, cancellationToken);
        }

        _watch.Add(plan.Server, desired);
        return new()
        {
            Handle = newHandle,
            Action = ActionOf(changes, observed),
            Reasons = ReasonsOf(changes),
            Interface = desired.ToBinding(),
        };
    }

    private DesiredInterface Desire(InterfacePlan plan) => _plug.Desire(plan) with { DetectsDuplicateAddresses = _detectDuplicateAddresses };

    private static bool IsElsewhere(DesiredInterface before, DesiredInterface desired) =>
        before.Namespace != desired.Namespace || before.Device != desired.Device || before.HostDevice != desired.HostDevice;

    private ApplyAction ActionOf(IReadOnlyList<InterfaceChange> changes, ObservedInterface observed) =>
        changes.Count == 0 ? ApplyAction.Unchanged
        : _plug.IsWhole(observed) ? ApplyAction.Reloaded
        : _plug.HasRemains(observed) ? ApplyAction.Restarted
        : ApplyAction.Started;

    private static EquatableArray<string> ReasonsOf(IReadOnlyList<InterfaceChange> changes) =>
        changes.Select(change => change.Preview)
            .Select(change => $"{change.Subject}: {change.Before ?? "absent"} → {change.After ?? "absent"}")
            .ToEquatableArray();

    private static async Task<T> AsDriverFailureAsync<T>(ServerKey server, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (LinuxException exception)
        {
            var cure = exception.Errno is Errno.EPERM or Errno.EACCES ? " (the host needs root, or CAP_NET_ADMIN and CAP_SYS_ADMIN)" : "";
            throw new DhcpHostException(FailureKind.Transient, $"The interface of {server}: {exception.Message}{cure}", exception);
        }
    }
}

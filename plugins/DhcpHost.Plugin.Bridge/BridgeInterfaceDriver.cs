using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;

namespace DhcpHost.Plugin.Bridge;

/// <summary>A namespace for each network, with one end of a veth pair in it and the other one in a Linux bridge.</summary>
internal sealed class BridgeInterfaceDriver : IInterfaceDriver, IDisposable
{
    private static readonly DriverId Id = new("bridge");

    private readonly BridgeOptions _options;
    private readonly InterfaceKernel _kernel;
    private readonly InterfaceRecords _records;
    private readonly InterfaceWatch _watch;

    public BridgeInterfaceDriver(IPluginContext context, BridgeOptions options, NetnsBroker broker)
    {
        _options = options;
        _kernel = new(broker, options.DetectDuplicateAddresses);
        _records = new(Path.Combine(context.StateDirectory, "interfaces"), Id);
        _watch = new(_kernel, context.TimeProvider);
        Info = new(Id, typeof(BridgeInterfaceDriver).Assembly.GetName().Version!.ToString(3), PluginContract.Version);
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
            var desired = DesiredInterface.From(plan, _options);
            var observed = await _kernel.ObserveAsync(desired, cancellationToken);
            var changes = InterfaceDiff.Compute(desired, observed);
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
            if (_records.Read(handle) is not { } desired)
            {
                return new RecoverResult(RecoverOutcome.Gone, $"The note has the form {handle.Version}, which this version does not know.");
            }

            var observed = await _kernel.ObserveAsync(desired, cancellationToken);
            if (!observed.IsPair)
            {
                return new(RecoverOutcome.Gone, $"{desired.HostDevice} and {desired.Device} are not a pair any more.");
            }

            _watch.Add(handle.Server, desired);
            return new(RecoverOutcome.Recovered);
        });

    /// <inheritdoc/>
    public Task<InspectResult> InspectAsync(DriverHandle handle, CancellationToken cancellationToken) =>
        AsDriverFailureAsync(handle.Server, async () =>
        {
            if (_records.Read(handle) is not { } desired)
            {
                return new InspectResult { State = InspectState.Missing };
            }

            var observed = await _kernel.ObserveAsync(desired, cancellationToken);
            var changes = InterfaceDiff.Compute(desired, observed);
            return new()
            {
                State = changes.Count == 0 ? InspectState.Running : observed.IsPair ? InspectState.Drifted : InspectState.Missing,
                Reason = changes.Count == 0 ? null : string.Join("; ", ReasonsOf(changes)),
                Details = new([new("namespace", desired.Namespace), new("device", desired.Device), new("bridge", desired.Bridge)]),
            };
        });

    /// <inheritdoc/>
    public Task RemoveAsync(DriverHandle handle, RemoveReason reason, CancellationToken cancellationToken) =>
        AsDriverFailureAsync(handle.Server, async () =>
        {
            _watch.Remove(handle.Server);
            if (_records.Read(handle) is { } desired)
            {
                await _kernel.RemoveAsync(desired, cancellationToken);
            }

            _records.Delete(handle.Server);
            return true;
        });

    /// <inheritdoc/>
    public Task<IReadOnlyList<DriverHandle>> DiscoverAsync(CancellationToken cancellationToken) => _records.ListAsync(cancellationToken);

    public void Dispose()
    {
        _watch.Dispose();
        _kernel.Dispose();
    }

    private async Task<InterfaceApplyResult> ApplyCoreAsync(InterfacePlan plan, DriverHandle? handle, CancellationToken cancellationToken)
    {
        var desired = DesiredInterface.From(plan, _options);
        var newHandle = _records.ToHandle(plan.Server, desired);
        if (handle is not null && _records.Read(handle) is { } before && IsElsewhere(before, desired))
        {
            // Another port or another namespace prefix: the old interface would stay beside the new one.
            await _kernel.RemoveAsync(before, cancellationToken);
        }

        _watch.Remove(plan.Server);
        _records.Write(newHandle);
        var observed = await _kernel.ObserveAsync(desired, cancellationToken);
        if (observed.Bridge is null && !_options.CreateBridges)
        {
            throw new DhcpHostException(
                FailureKind.Transient,
                $"The bridge {desired.Bridge} does not exist: make it (ip link add {desired.Bridge} type bridge), or set `create_bridges = true` in [drivers.bridge].");
        }

        var changes = InterfaceDiff.Compute(desired, observed);
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

    private static bool IsElsewhere(DesiredInterface before, DesiredInterface desired) =>
        before.Namespace != desired.Namespace || before.Device != desired.Device || before.HostDevice != desired.HostDevice;

    private static ApplyAction ActionOf(IReadOnlyList<InterfaceChange> changes, ObservedInterface observed) =>
        changes.Count == 0 ? ApplyAction.Unchanged
        : observed.IsPair ? ApplyAction.Reloaded
        : observed.HostLink is not null || observed.Link is not null ? ApplyAction.Restarted
        : ApplyAction.Started;

    private static EquatableArray<string> ReasonsOf(IReadOnlyList<InterfaceChange> changes) =>
        changes.Select(change => change.Preview).Select(change => $"{change.Subject}: {change.Before ?? "absent"} → {change.After ?? "absent"}").ToEquatableArray();

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

using System.Runtime.CompilerServices;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Policies;
using DhcpHost.Core.Plugins;
using DhcpHost.Core.Reconciling;
using DhcpHost.Core.State;
using DhcpHost.Core.Store;

namespace DhcpHost.Core.Engine;

public sealed partial class DhcpEngine
{
    private static readonly MacAddress UnknownMac = MacAddress.Parse("00:00:00:00:00:00", null);

    /// <inheritdoc/>
    public async IAsyncEnumerable<NetworkPreview> PlanAsync(NetworkId? id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var snapshots = await SnapshotsAsync(cancellationToken);
        foreach (var snapshot in snapshots.Values.Where(snapshot => id is null || snapshot.Network.Id == id).OrderBy(snapshot => snapshot.Network.Id))
        {
            yield return await PreviewAsync(snapshot, cancellationToken);
        }

        foreach (var stored in _state.Networks.Where(
            stored => !snapshots.ContainsKey(stored.Id) && (id is null || stored.Id == id)).OrderBy(stored => stored.Id))
        {
            yield return Removal(stored, "", "its source tells of it no more");
        }
    }

    private static NetworkPreview Removal(StoredNetwork stored, string name, string reason) => new()
    {
        Id = stored.Id,
        Name = name,
        Reason = reason,
        Steps = stored.Handles.OrderByDescending(handle => handle.Kind)
            .Select(handle => new DriverPreview(handle.Handle.DriverId, handle.Handle.Server, null))
            .ToEquatableArray(),
    };

    private async Task<IReadOnlyDictionary<NetworkId, NetworkSnapshot>> SnapshotsAsync(CancellationToken cancellationToken)
    {
        if (_startedAt is not null)
        {
            return _store.Networks;
        }

        // Not started: the state is read, the sources are listed, and nothing is kept.
        if (Interlocked.Exchange(ref _isStarted, 1) == 0)
        {
            await _state.OpenAsync(readOnly: true, cancellationToken);
        }

        var store = new NetworkStore();
        foreach (var source in _registry.Sources)
        {
            store.PutList(source.Id, await source.ListAsync(cancellationToken), store.BeginList());
        }

        return store.Networks;
    }

    private async Task<NetworkPreview> PreviewAsync(NetworkSnapshot snapshot, CancellationToken cancellationToken)
    {
        var (network, stored, rules) = (snapshot.Network, _state.Find(snapshot.Network.Id), Settings);
        var segments = Segmentation.Split(network);
        var admit = _policies.AdmitNetwork(new() { Network = network, Source = snapshot.Source, ServedNetworks = _admission.Networks }).Value;
        if (!network.AdminStateUp || segments.Count == 0 || !admit.IsAdmitted)
        {
            return Removal(
                stored, network.Name, !network.AdminStateUp
                    ? "its administrative state is down"
                    : segments.Count == 0
                    ? "DHCP is enabled on none of its subnets"
                    : $"refused: {admit.Reason}");
        }

        // A preview decides as a reconcile does, but leaves no trace: not in the history, and not in what was decided before.
        var selection = Selection(network, rules);
        var options = _policies.ServerOptions(new() { Network = network, Default = rules.Server }).Value;
        var (steps, reason) = (new List<DriverPreview>(), default(string));
        try
        {
            foreach (var segment in segments)
            {
                await foreach (var step in PreviewAsync(segment, stored, selection, options, rules, cancellationToken))
                {
                    steps.Add(step);
                }
            }
        }
        catch (DhcpHostException exception)
        {
            reason = exception.Message;
        }

        return new() { Id = network.Id, Name = network.Name, Drivers = selection, Reason = reason, Steps = steps.ToEquatableArray() };
    }

    private DriverSelection Selection(Network network, EngineSettings rules)
    {
        EquatableArray<DriverId> Healthy(DriverKind kind) =>
            _registry.Drivers.Where(driver => driver.Kind == kind && driver.Health.IsHealthy).Select(driver => driver.Info.Id).ToEquatableArray();
        var standing = rules.Drivers with { Interface = network.InterfaceDriver ?? rules.Drivers.Interface, Dhcp = network.DhcpDriver ?? rules.Drivers.Dhcp };
        return _policies.SelectDriver(new()
        {
            Network = network,
            Default = standing,
            Current = _table.Find(network.Id)?.Selection,
            InterfaceDrivers = Healthy(DriverKind.Interface),
            DhcpDrivers = Healthy(DriverKind.Dhcp),
            MetadataDrivers = Healthy(DriverKind.Metadata),
        }).Value;
    }

    private async IAsyncEnumerable<DriverPreview> PreviewAsync(
        NetworkSegment segment, StoredNetwork stored, DriverSelection selection, ServerOptions options, EngineSettings rules,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var key = segment.Key;
        var attachment = stored.Attachments.FirstOrDefault(held => held.SegmentId == key.SegmentId);
        var mode = selection.Metadata is null ? MetadataMode.Off : MetadataDecision.Decide(segment.Network, rules.Metadata, rules.HasMetadataNetworks);
        var hostPort = attachment?.HostPort ?? AssumedHostPort(segment.Network);
        var plan = PlanBuilder.Interface(segment, hostPort, mode != MetadataMode.Off);
        var known = attachment?.Interface
            ?? new() { Namespace = $"new-{key.NetworkId}", Device = "new", MacAddress = hostPort.MacAddress ?? UnknownMac };
        var binding = known with { Addresses = plan.Addresses };
        DriverHandle? Handle(DriverKind kind, DriverId driver) => stored.Handles.FirstOrDefault(held => held.Key == new HandleKey(key, kind, driver))?.Handle;

        foreach (var old in stored.Handles.Where(held => held.Handle.Server == key && held.Handle.DriverId != held.Kind switch
        {
            DriverKind.Interface => selection.Interface,
            DriverKind.Dhcp => selection.Dhcp,
            _ => mode == MetadataMode.Off ? default : selection.Metadata ?? default,
        }))
        {
            yield return new(old.Handle.DriverId, key, null);
        }

        var handle = Handle(DriverKind.Interface, selection.Interface);
        yield return new(
            selection.Interface, key, await _calls.CallAsync<IInterfaceDriver, ApplyPreview>(
                selection.Interface, key, (driver, token) => driver.PreviewAsync(plan, handle, token), cancellationToken));
        var dhcp = PlanBuilder.Dhcp(segment, hostPort, binding, options, mode, rules.Child);
        var server = Handle(DriverKind.Dhcp, selection.Dhcp);
        var isNew = attachment?.Interface is null;
        yield return new(
            selection.Dhcp,
            key,
            await PreviewServerAsync<IDhcpDriver>(selection.Dhcp, key, isNew, (driver, token) => driver.PreviewAsync(dhcp, server, token), cancellationToken));
        if (mode != MetadataMode.Off && selection.Metadata is { } metadata)
        {
            var proxyPlan = PlanBuilder.Metadata(segment, hostPort, binding, rules.HasMetadataNetworks, rules.Child) with
            {
                Instances = InstanceTable.IsWanted(_registry, metadata)
                    ? new InstanceTable().Decide(segment.Network, hostPort.Id, _policies, static _ => { })
                    : [],
            };
            var proxy = Handle(DriverKind.Metadata, metadata);
            yield return new(
                metadata, key, await PreviewServerAsync<IMetadataDriver>(
                    metadata, key, isNew, (driver, token) => driver.PreviewAsync(proxyPlan, proxy, token), cancellationToken));
        }
    }

    /// <summary>What a driver of servers would do; where there is no interface yet, which it may need to say more, at least that.</summary>
    private async Task<ApplyPreview> PreviewServerAsync<TDriver>(
        DriverId id, ServerKey key, bool isNew, Func<TDriver, CancellationToken, Task<ApplyPreview>> preview, CancellationToken cancellationToken)
        where TDriver : class, INetworkDriver
    {
        try
        {
            return await _calls.CallAsync(id, key, preview, cancellationToken);
        }
        catch (DhcpHostException exception) when (isNew && exception.Kind == FailureKind.Conflict)
        {
            return new() { Action = ApplyAction.Started, Reasons = ["its interface is made first"] };
        }
    }

    /// <summary>
    /// The host's port on a network that it was never on: only the source can say which it will be, and asking would make it. The network's
    /// own DHCP port stands in, or one without an address.
    /// </summary>
    private static Port AssumedHostPort(Network network) =>
        network.Ports.FirstOrDefault(port => port.DeviceOwner == DeviceOwners.Dhcp)
            ?? new Port { Id = new("new"), DeviceOwner = DeviceOwners.Dhcp, MacAddress = UnknownMac };
}

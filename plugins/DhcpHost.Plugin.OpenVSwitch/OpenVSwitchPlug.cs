using System.Threading.Channels;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Interfaces;
using DhcpHost.Linux.Netlink;
using DhcpHost.Plugin.OpenVSwitch.Ovsdb;
using static DhcpHost.Interfaces.InterfaceChange;
using static DhcpHost.Plugin.OpenVSwitch.OvsChange;

namespace DhcpHost.Plugin.OpenVSwitch;

/// <summary>An internal port of a bridge whose link is moved into the namespace, or a veth pair whose outer end is a port.</summary>
internal sealed class OpenVSwitchPlug(OpenVSwitchOptions options, OvsdbClient client, TimeProvider timeProvider) : VethPlug
{
    private const string VlanType = "vlan";

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    private readonly OvsSwitch _switch = new(client);

    /// <inheritdoc/>
    public override DesiredInterface Desire(InterfacePlan plan)
    {
        var hostDevice = InterfaceNames.HostDevice(plan.Network.Id, plan.HostPort);
        var attachment = plan.Network.Attachment;
        var (type, id) = plan.Segment is { } segment ? (segment.NetworkType, segment.SegmentationId) : (attachment.NetworkType, attachment.SegmentationId);
        return DesiredInterface.From(
            plan,
            InterfaceNames.NamespacePrefix,
            options.OvsUseVeth ? InterfaceNames.Device(plan.Network.Id, plan.HostPort) : hostDevice,
            hostDevice,
            attachment.Bridge ?? options.OvsIntegrationBridge) with
        { VlanId = string.IsNullOrEmpty(type) || type == VlanType ? id : null };
    }

    /// <inheritdoc/>
    public override async Task<ObservedInterface> ObserveAsync(DesiredInterface desired, ObservedInterface links, CancellationToken cancellationToken)
    {
        var (bridgeExists, port) = await _switch.FindAsync(desired.Bridge, desired.HostDevice, cancellationToken);
        return new ObservedOvsInterface(links)
        {
            BridgeExists = bridgeExists,
            Port = port,
            IsInternal = IsInternal(desired),
            IsPlugged = port is not null && port.Bridge == desired.Bridge && port.Type == (IsInternal(desired) ? "internal" : ""),
        };
    }

    /// <inheritdoc/>
    public override void Check(DesiredInterface desired, ObservedInterface observed)
    {
        if (observed is ObservedOvsInterface { BridgeExists: false })
        {
            throw new DhcpHostException(
                FailureKind.Transient,
                $"Open vSwitch has no bridge {desired.Bridge}: Neutron's Open vSwitch agent makes it, or make it by hand (ovs-vsctl add-br {desired.Bridge}).");
        }
    }

    /// <inheritdoc/>
    public override bool IsWhole(ObservedInterface observed) => observed is ObservedOvsInterface { IsInternal: true } own
        ? own is { IsPlugged: true, Link: not null, HostLink: null }
        : observed.IsPair;

    /// <inheritdoc/>
    public override bool HasRemains(ObservedInterface observed) => base.HasRemains(observed) || observed is ObservedOvsInterface { Port: not null };

    /// <inheritdoc/>
    public override IEnumerable<InterfaceChange> Compare(DesiredInterface desired, ObservedInterface observed)
    {
        var own = (ObservedOvsInterface)observed;
        return own.IsInternal ? CompareInternal(desired, own) : ComparePair(desired, own, bridge: null).Concat(ComparePort(desired, own, mustReplace: false));
    }

    /// <inheritdoc/>
    public override InterfaceChange RemoveStale(string device) => new DeleteStale(_switch, device);

    /// <inheritdoc/>
    public override async Task UnplugAsync(DesiredInterface desired, RouteNetlink root, RouteNetlink? inside, CancellationToken cancellationToken)
    {
        var isTaken = await _switch.DeleteAsync(desired.HostDevice, cancellationToken);
        if (!IsInternal(desired) || !isTaken)
        {
            // The pair; or what ovs-vswitchd, which is not there, would have taken away with the port.
            await base.UnplugAsync(desired, root, inside, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public override string? FindFault(DesiredInterface desired, RouteNetlink root) =>
        !IsInternal(desired) ? base.FindFault(desired, root)
        : root.FindLink(desired.HostDevice) is not null ? $"Open vSwitch made {desired.HostDevice} anew, in the host's namespace"
        : null;

    /// <inheritdoc/>
    public override async Task<DriverHealth> CheckHealthAsync(CancellationToken cancellationToken)
    {
        try
        {
            return Healthy(await client.GetSessionAsync(cancellationToken));
        }
        catch (OvsdbException exception)
        {
            return new(IsHealthy: false, exception.Message);
        }
    }

    /// <inheritdoc/>
    public override async Task WatchAsync(IInterfaceIndex interfaces, ChannelWriter<DriverEvent> events, CancellationToken cancellationToken)
    {
        DriverHealth? told = null;
        var delay = FirstDelay;
        while (true)
        {
            var (wasConnected, health) = await FollowAsync(interfaces, events, cancellationToken);
            if (wasConnected || health != told)
            {
                _ = events.TryWrite(new DriverEvent.HealthChanged(told = health));
            }

            delay = wasConnected ? FirstDelay : delay * 2 > LongestDelay ? LongestDelay : delay * 2;
            await Task.Delay(delay, timeProvider, cancellationToken);
        }
    }

    private static bool IsInternal(DesiredInterface desired) => desired.Device == desired.HostDevice;

    private DriverHealth Healthy(OvsdbSession session) =>
        new(IsHealthy: true, $"Open vSwitch {session.SwitchVersion} at {client.Endpoint}, {(options.OvsUseVeth ? "veth pairs" : "internal ports")}");

    private OvsVlan Vlan(DesiredInterface desired) => options.WirePorts ? new(desired.VlanId) : OvsVlan.Dead;

    private IEnumerable<InterfaceChange> CompareInternal(DesiredInterface desired, ObservedOvsInterface observed)
    {
        if (IsWhole(observed))
        {
            return ComparePort(desired, observed, mustReplace: false);
        }

        // A port whose link is not in the host's namespace has it in one that is out of reach. One that is there was made by a new ovs-vswitchd,
        // and what is inside is what the old one left.
        var changes = ComparePort(desired, observed, mustReplace: observed.HostLink is null);
        if (observed.Link is not null)
        {
            changes = changes.Prepend(new DeleteLink(desired.Device, "present, not connected"));
        }

        changes = changes.Append(new MoveIn(_switch, desired.Bridge, desired.Device)).Append(new SetMac(desired.Device, null, desired.MacAddress));
        return desired.Mtu == 0 ? changes : changes.Append(new SetMtu(desired.Device, 0, desired.Mtu));
    }

    private IEnumerable<InterfaceChange> ComparePort(DesiredInterface desired, ObservedOvsInterface observed, bool mustReplace)
    {
        var ids = new OvsExternalIds(desired.PortId, desired.MacAddress);
        if (observed.Port is not { } port || !observed.IsPlugged || mustReplace)
        {
            if (observed.Port is { } other)
            {
                yield return new DeletePort(_switch, desired.HostDevice, other.Bridge is null ? "of no bridge" : $"of {other.Bridge}, not connected");
            }

            yield return new AddPort(_switch, new(desired.Bridge, desired.HostDevice, IsInternal(desired), ids, Vlan(desired)));
            yield break;
        }

        if (!ids.IsIn(port.ExternalIds))
        {
            yield return new SetExternalIds(_switch, desired.HostDevice, ids);
        }

        if (options.WirePorts && !Vlan(desired).IsOf(port))
        {
            yield return new SetVlan(_switch, desired.HostDevice, port.Tag, Vlan(desired));
        }
    }

    // Until the session ends, if there was one; says how that is.
    private async Task<(bool WasConnected, DriverHealth Health)> FollowAsync(
        IInterfaceIndex interfaces, ChannelWriter<DriverEvent> events, CancellationToken cancellationToken)
    {
        var wasConnected = false;
        try
        {
            var session = await client.GetSessionAsync(cancellationToken);
            wasConnected = true;
            _ = events.TryWrite(new DriverEvent.HealthChanged(Healthy(session)));
            var ports = await _switch.ListAsync(cancellationToken);
            foreach (var (server, desired) in interfaces.All.Where(item => !ports.Contains(item.Value.HostDevice)))
            {
                _ = events.TryWrite(new DriverEvent.Drifted(server, $"Open vSwitch has no port {desired.HostDevice}"));
            }

            await foreach (var name in session.Deletions.ReadAllAsync(cancellationToken))
            {
                // It may have been our own doing, and be there again.
                if (interfaces.Find(name) is { } server && (await _switch.FindAsync("", name, cancellationToken)).Port is null)
                {
                    _ = events.TryWrite(new DriverEvent.Drifted(server, $"the port {name} was deleted from Open vSwitch"));
                }
            }

            return (wasConnected, new(IsHealthy: false, $"OVSDB at {client.Endpoint}: {await session.Closed}"));
        }
        catch (Exception exception) when (exception is OvsdbException or DhcpHostException)
        {
            return (wasConnected, new(IsHealthy: false, exception.Message));
        }
    }
}

using DhcpHost.Abstractions.Drivers;
using DhcpHost.Interfaces;
using DhcpHost.Linux.Netlink;
using static DhcpHost.Interfaces.InterfaceChange;

namespace DhcpHost.Plugin.LinuxBridge;

/// <summary>A veth pair whose outer end the Linux bridge agent, or this, makes a port of the network's bridge.</summary>
internal sealed class LinuxBridgePlug(LinuxBridgeOptions options) : VethPlug
{
    // BRIDGE_NAME_PREFIX of Neutron's agent.
    private const string BridgePrefix = "brq";

    /// <inheritdoc/>
    public override bool FollowsBridges => options.PlugIntoBridge;

    /// <inheritdoc/>
    public override DesiredInterface Desire(InterfacePlan plan) => DesiredInterface.From(
        plan,
        InterfaceNames.NamespacePrefix,
        InterfaceNames.Device(plan.Network.Id, plan.HostPort),
        InterfaceNames.HostDevice(plan.Network.Id, plan.HostPort),
        plan.Network.Attachment.Bridge ?? InterfaceNames.WithStartOf(BridgePrefix, plan.Network.Id.Value));

    /// <inheritdoc/>
    public override IEnumerable<InterfaceChange> Compare(DesiredInterface desired, ObservedInterface observed)
    {
        var bridge = options.PlugIntoBridge && observed.Bridge is not null ? desired.Bridge : null;
        foreach (var change in ComparePair(desired, observed, bridge))
        {
            yield return change;
        }

        // One that is a port already was plugged in by the agent, perhaps into a bridge of `bridge_mappings`: it knows better.
        if (bridge is not null && observed is { IsPair: true, HostLink.MasterIndex: 0 })
        {
            yield return new SetMaster(desired.HostDevice, bridge, Before: null);
        }
    }

    /// <inheritdoc/>
    protected override string? FindFault(DesiredInterface desired, RouteNetlink root, Link hostLink) =>
        options.PlugIntoBridge && hostLink.MasterIndex == 0 && root.FindLink(desired.Bridge) is not null
            ? $"{desired.HostDevice} is not in the bridge {desired.Bridge}"
            : null;

    /// <inheritdoc/>
    public override bool IsAwaitingBridge(DesiredInterface desired, RouteNetlink root) =>
        options.PlugIntoBridge && root.FindLink(desired.Bridge) is null && root.FindLink(desired.HostDevice) is { MasterIndex: 0 };

    /// <inheritdoc/>
    public override Task<DriverHealth> CheckHealthAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new DriverHealth(IsHealthy: true, "veth pairs for the Linux bridge agent, by netlink"));
}

using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Interfaces;
using DhcpHost.Linux.Netlink;
using static DhcpHost.Interfaces.InterfaceChange;

namespace DhcpHost.Plugin.Bridge;

/// <summary>A veth pair whose outer end is a port of the bridge that the network names.</summary>
internal sealed class BridgePlug(BridgeOptions options) : VethPlug
{
    /// <inheritdoc/>
    public override DesiredInterface Desire(InterfacePlan plan)
    {
        var bridge = plan.Network.Attachment.Bridge ?? options.DefaultBridge;
        return bridge.Length == 0
            ? throw new DhcpHostException(
                FailureKind.Invalid, "The network names no bridge: set `bridge` in its file, or `default_bridge` in [drivers.bridge].")
            : DesiredInterface.From(
                plan,
                options.NamespacePrefix,
                InterfaceNames.Device(plan.Network.Id, plan.HostPort),
                InterfaceNames.HostDevice(plan.Network.Id, plan.HostPort),
                bridge);
    }

    /// <inheritdoc/>
    public override void Check(DesiredInterface desired, ObservedInterface observed)
    {
        if (observed.Bridge is null && !options.CreateBridges)
        {
            throw new DhcpHostException(
                FailureKind.Transient,
                $"The bridge {desired.Bridge} does not exist: make it (ip link add {desired.Bridge} type bridge), or set `create_bridges = "
                    + $"true` in [drivers.bridge].");
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<InterfaceChange> Compare(DesiredInterface desired, ObservedInterface observed)
    {
        if (observed.Bridge is null)
        {
            yield return new CreateBridge(desired.Bridge);
        }

        foreach (var change in ComparePair(desired, observed, desired.Bridge))
        {
            yield return change;
        }

        if (observed.IsPair && (observed.Bridge is null || observed.HostLink!.MasterIndex != observed.Bridge.Index))
        {
            yield return new SetMaster(desired.HostDevice, desired.Bridge, "another");
        }
    }

    /// <inheritdoc/>
    protected override string? FindFault(DesiredInterface desired, RouteNetlink root, Link hostLink) =>
        hostLink.MasterIndex == 0 ? $"{desired.HostDevice} was taken out of its bridge" : null;

    /// <inheritdoc/>
    public override Task<DriverHealth> CheckHealthAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new DriverHealth(IsHealthy: true, "veth pairs into Linux bridges, by netlink"));
}

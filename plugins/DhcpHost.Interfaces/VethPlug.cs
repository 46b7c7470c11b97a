using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Netlink;
using static DhcpHost.Interfaces.InterfaceChange;

namespace DhcpHost.Interfaces;

/// <summary>A veth pair: one end in the host's namespace, the other one in the network's.</summary>
public abstract class VethPlug : InterfacePlug
{
    /// <inheritdoc/>
    public override bool IsWhole(ObservedInterface observed) => observed.IsPair;

    /// <inheritdoc/>
    public override Task UnplugAsync(DesiredInterface desired, RouteNetlink root, RouteNetlink? inside, CancellationToken cancellationToken)
    {
        if (root.FindLink(desired.HostDevice) is not null)
        {
            root.Execute(batch => batch.DeleteLink(desired.HostDevice).Unless(Errno.ENODEV));
        }

        if (inside?.FindLink(desired.Device) is not null)
        {
            inside.Execute(batch => batch.DeleteLink(desired.Device).Unless(Errno.ENODEV));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override string? FindFault(DesiredInterface desired, RouteNetlink root) => root.FindLink(desired.HostDevice) switch
    {
        null => $"{desired.HostDevice} was deleted",
        { IsUp: false } => $"{desired.HostDevice} was set down",
        var link => FindFault(desired, root, link),
    };

    /// <summary>What is wrong with the place in layer 2 of an outer end that is there and up; <c>null</c> for nothing.</summary>
    protected virtual string? FindFault(DesiredInterface desired, RouteNetlink root, Link hostLink) => null;

    /// <summary>The pair itself, without its place in layer 2: made anew, or its two ends' MTU and the outer one's state.</summary>
    /// <param name="desired">The wish.</param>
    /// <param name="observed">What there is.</param>
    /// <param name="bridge">The Linux bridge that a new pair is born into; <c>null</c> for none.</param>
    protected static IEnumerable<InterfaceChange> ComparePair(DesiredInterface desired, ObservedInterface observed, string? bridge)
    {
        if (!observed.IsPair)
        {
            if (observed.HostLink is not null)
            {
                yield return new DeleteHostLink(desired.HostDevice);
            }

            if (observed.Link is not null)
            {
                yield return new DeleteLink(desired.Device, "present, not connected");
            }

            yield return new CreatePair(desired.HostDevice, desired.Device, desired.MacAddress, desired.Mtu, bridge, observed.Bridge?.Index ?? 0);
            yield break;
        }

        if (desired.Mtu != 0 && observed.HostLink!.Mtu != desired.Mtu)
        {
            yield return new SetHostMtu(desired.HostDevice, observed.HostLink.Mtu, desired.Mtu);
        }

        if (!observed.HostLink!.IsUp)
        {
            yield return new SetHostUp(desired.HostDevice);
        }
    }
}

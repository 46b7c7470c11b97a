using DhcpHost.Linux.Netlink;
using static DhcpHost.Plugin.Bridge.InterfaceChange;

namespace DhcpHost.Plugin.Bridge;

/// <summary>Compares the wish with the kernel. Pure.</summary>
internal static class InterfaceDiff
{
    private const string Loopback = "lo";

    /// <summary>What has to be done, in the order in which it has to be done. Empty: nothing.</summary>
    public static IReadOnlyList<InterfaceChange> Compute(DesiredInterface desired, ObservedInterface observed)
    {
        List<InterfaceChange> changes = [];
        if (!observed.NamespaceExists)
        {
            changes.Add(new CreateNamespace(desired.Namespace));
        }

        if (observed.Bridge is null)
        {
            changes.Add(new CreateBridge(desired.Bridge));
        }

        var isNew = !observed.IsPair;
        if (isNew)
        {
            AddPair(desired, observed, changes);
        }
        else
        {
            CompareLinks(desired, observed, changes);
        }

        if (!observed.IsLoopbackUp)
        {
            changes.Add(new SetUp(Loopback, IsInside: true));
        }

        CompareAddresses(desired, isNew ? [] : observed.Addresses, changes);
        if (isNew || !observed.Link!.IsUp)
        {
            changes.Add(new SetUp(desired.Device, IsInside: true));
        }

        CompareRoutes(desired, isNew ? [] : observed.DefaultRoutes, changes);
        return changes;
    }

    private static void AddPair(DesiredInterface desired, ObservedInterface observed, List<InterfaceChange> changes)
    {
        if (observed.HostLink is not null)
        {
            changes.Add(new DeleteLink(desired.HostDevice, IsInside: false));
        }

        if (observed.Link is not null)
        {
            changes.Add(new DeleteLink(desired.Device, IsInside: true));
        }

        changes.Add(new CreatePair(desired.HostDevice, desired.Device, desired.MacAddress));
    }

    private static void CompareLinks(DesiredInterface desired, ObservedInterface observed, List<InterfaceChange> changes)
    {
        var (host, link) = (observed.HostLink!, observed.Link!);
        if (observed.Bridge is null || host.MasterIndex != observed.Bridge.Index)
        {
            changes.Add(new SetMaster(desired.HostDevice, desired.Bridge));
        }

        if (link.Mac != desired.MacAddress)
        {
            changes.Add(new SetMac(desired.Device, link.Mac, desired.MacAddress));
        }

        if (desired.Mtu != 0 && link.Mtu != desired.Mtu)
        {
            changes.Add(new SetMtu(desired.Device, IsInside: true, link.Mtu, desired.Mtu));
        }

        if (desired.Mtu != 0 && host.Mtu != desired.Mtu)
        {
            changes.Add(new SetMtu(desired.HostDevice, IsInside: false, host.Mtu, desired.Mtu));
        }

        if (!host.IsUp)
        {
            changes.Add(new SetUp(desired.HostDevice, IsInside: false));
        }
    }

    private static void CompareAddresses(DesiredInterface desired, IReadOnlyList<LinkAddress> observed, List<InterfaceChange> changes)
    {
        foreach (var address in observed)
        {
            if (!desired.Addresses.Any(wanted => wanted.Address.Equals(address.Address) && wanted.PrefixLength == address.PrefixLength))
            {
                changes.Add(new RemoveAddress(desired.Device, address));
            }
        }

        foreach (var wanted in desired.Addresses)
        {
            if (!observed.Any(address => wanted.Address.Equals(address.Address) && wanted.PrefixLength == address.PrefixLength))
            {
                changes.Add(new AddAddress(desired.Device, wanted));
            }
        }
    }

    private static void CompareRoutes(DesiredInterface desired, IReadOnlyList<Route> observed, List<InterfaceChange> changes)
    {
        foreach (var route in observed)
        {
            if (!desired.Gateways.Any(gateway => gateway.Equals(route.Gateway)))
            {
                changes.Add(new RemoveDefaultRoute(desired.Device, route));
            }
        }

        foreach (var gateway in desired.Gateways)
        {
            if (!observed.Any(route => gateway.Equals(route.Gateway)))
            {
                changes.Add(new SetDefaultRoute(desired.Device, gateway, !desired.IsOnLink(gateway)));
            }
        }
    }
}

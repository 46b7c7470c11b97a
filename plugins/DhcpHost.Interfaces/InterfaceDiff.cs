using System.Net;
using DhcpHost.Linux.Netlink;
using static DhcpHost.Interfaces.InterfaceChange;

namespace DhcpHost.Interfaces;

/// <summary>Compares the wish with the kernel. Pure.</summary>
internal static class InterfaceDiff
{
    private const string Loopback = "lo";

    // RTPROT_KERNEL: the routes of the link's own prefixes.
    private const byte KernelProtocol = 2;

    private static readonly IPAddress MetadataIPv6 = IPAddress.Parse("fe80::a9fe:a9fe");

    /// <summary>What has to be done, in the order in which it has to be done. Empty: nothing.</summary>
    public static IReadOnlyList<InterfaceChange> Compute(InterfacePlug plug, DesiredInterface desired, ObservedInterface observed)
    {
        List<InterfaceChange> changes = [];
        if (!observed.NamespaceExists)
        {
            changes.Add(new CreateNamespace(desired.Namespace));
        }

        changes.AddRange(plug.Compare(desired, observed));
        var isNew = !plug.IsWhole(observed);
        if (!isNew)
        {
            CompareLink(desired, observed.Link!, changes);
        }

        if (!observed.IsLoopbackUp)
        {
            changes.Add(new SetUp(Loopback));
        }

        if (isNew || observed.OffloadsChecksums)
        {
            changes.Add(new FillChecksums(desired.Device));
        }

        CompareAddresses(desired, isNew ? [] : observed.Addresses, changes);
        if (isNew || !observed.Link!.IsUp)
        {
            changes.Add(new SetUp(desired.Device));
        }

        CompareRoutes(desired, isNew ? [] : observed.Routes, changes);
        changes.AddRange(observed.StaleDevices.Select(plug.RemoveStale));
        return changes;
    }

    private static void CompareLink(DesiredInterface desired, Link link, List<InterfaceChange> changes)
    {
        if (link.Mac != desired.MacAddress)
        {
            changes.Add(new SetMac(desired.Device, link.Mac, desired.MacAddress));
        }

        if (desired.Mtu != 0 && link.Mtu != desired.Mtu)
        {
            changes.Add(new SetMtu(desired.Device, link.Mtu, desired.Mtu));
        }
    }

    private static void CompareAddresses(DesiredInterface desired, IReadOnlyList<LinkAddress> observed, List<InterfaceChange> changes)
    {
        foreach (var address in observed)
        {
            // Link-local addresses are the kernel's, but for the one that metadata is served at.
            var mayStay = address.IsLinkLocal && !address.Address.Equals(MetadataIPv6);
            if (!mayStay && !desired.Addresses.Any(wanted => wanted.Address.Equals(address.Address) && wanted.PrefixLength == address.PrefixLength))
            {
                changes.Add(new RemoveAddress(desired.Device, address));
            }
        }

        foreach (var wanted in desired.Addresses)
        {
            if (!observed.Any(address => wanted.Address.Equals(address.Address) && wanted.PrefixLength == address.PrefixLength))
            {
                changes.Add(new AddAddress(desired.Device, wanted, desired.DetectsDuplicateAddresses));
            }
        }
    }

    private static void CompareRoutes(DesiredInterface desired, IReadOnlyList<Route> observed, List<InterfaceChange> changes)
    {
        foreach (var route in observed)
        {
            var gateway = route.IsDefault ? route.Gateway : IsWayToGateway(route) ? route.Destination.BaseAddress : null;
            if ((route.IsDefault || gateway is not null) && !desired.Gateways.Any(wanted => wanted.Equals(gateway)))
            {
                changes.Add(new RemoveRoute(desired.Device, route));
            }
        }

        foreach (var gateway in desired.Gateways)
        {
            if (!observed.Any(route => route.IsDefault && gateway.Equals(route.Gateway)))
            {
                changes.Add(new SetDefaultRoute(desired.Device, gateway, !desired.IsOnLink(gateway)));
            }
        }
    }

    // What a gateway off the subnets leaves when another one takes its place.
    private static bool IsWayToGateway(Route route) =>
        route.Gateway is null
            && route.Protocol != KernelProtocol
            && route.Destination.PrefixLength == route.Destination.BaseAddress.GetAddressBytes().Length * 8;
}

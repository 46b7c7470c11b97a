using System.Net;
using System.Net.Sockets;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Core.Reconciling;

/// <summary>Makes drivers' plans of a network. Pure: equal input gives equal plans.</summary>
internal static class PlanBuilder
{
    private static readonly IPInterfaceAddress MetadataIPv4 = IPInterfaceAddress.Parse("169.254.169.254/32", null);
    private static readonly IPInterfaceAddress MetadataIPv6 = IPInterfaceAddress.Parse("fe80::a9fe:a9fe/128", null);

    /// <summary>The subnets that the host needs an address on.</summary>
    public static EquatableArray<SubnetId> HostPortSubnets(NetworkSegment segment) =>
        segment.Network.Subnets.Where(subnet => subnet.EnableDhcp).Select(subnet => subnet.Id).ToEquatableArray();

    /// <summary>
    /// The interface. The network in it is without its ports: an interface does not depend on them, and so a change of a port leaves the
    /// plan as it is.
    /// </summary>
    public static InterfacePlan Interface(NetworkSegment segment, Port hostPort, bool hasMetadata) => new()
    {
        Server = segment.Key,
        Network = segment.Network with { Ports = [] },
        Segment = segment.Segment,
        HostPort = hostPort,
        Addresses = Addresses(segment.Network, hostPort, hasMetadata),
        Gateways = Gateways(segment.Network),
        Mtu = segment.Network.Mtu,
    };

    /// <summary>The DHCP server. The host's own port is among the network's, as Neutron's agent has it.</summary>
    public static DhcpPlan Dhcp(
        NetworkSegment segment, Port hostPort, InterfaceBinding binding, ServerOptions options, MetadataMode metadata, ChildLimits limits) => new()
        {
            Server = segment.Key,
            Network = WithHostPort(segment.Network, hostPort),
            Interface = binding,
            Options = options,
            Metadata = metadata,
            Limits = limits,
        };

    /// <summary>The metadata proxy.</summary>
    public static MetadataPlan Metadata(NetworkSegment segment, Port hostPort, InterfaceBinding binding, bool hasAccessNetworks, ChildLimits limits) => new()
    {
        Server = segment.Key,
        RouterId = MetadataDecision.FindRouter(segment.Network, hasAccessNetworks),
        Network = WithHostPort(segment.Network, hostPort),
        Interface = binding,
        Limits = limits,
    };

    private static Network WithHostPort(Network network, Port hostPort)
    {
        for (var i = 0; i < network.Ports.Count; i++)
        {
            if (network.Ports[i].Id == hostPort.Id)
            {
                return network.Ports[i] == hostPort
                    ? network
                    : network with { Ports = network.Ports.Select(port => port.Id == hostPort.Id ? hostPort : port).ToEquatableArray() };
            }
        }

        return network with { Ports = network.Ports.Append(hostPort).ToEquatableArray() };
    }

    private static EquatableArray<IPInterfaceAddress> Addresses(Network network, Port hostPort, bool hasMetadata)
    {
        var addresses = from ip in hostPort.FixedIps
                        let subnet = network.Subnets.FirstOrDefault(subnet => subnet.Id == ip.SubnetId)
                        where subnet is not null
                        select new IPInterfaceAddress(ip.Address, subnet.Cidr.PrefixLength);
        return (hasMetadata ? addresses.Append(MetadataIPv4).Append(MetadataIPv6) : addresses).ToEquatableArray();
    }

    /// <summary>The first usable gateway of each family, by the rules of Neutron's <c>_set_default_route_ip_version</c>.</summary>
    private static EquatableArray<IPAddress> Gateways(Network network) =>
        new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 }
            .Select(family => network.Subnets.FirstOrDefault(subnet => subnet.Cidr.BaseAddress.AddressFamily == family && IsRouted(subnet))?.GatewayIp)
            .OfType<IPAddress>().ToEquatableArray();

    private static bool IsRouted(Subnet subnet)
    {
        if (!subnet.EnableDhcp || subnet.GatewayIp is null)
        {
            return false;
        }

        var isAutoconfigured = subnet.IPv6AddressMode is IPv6Mode.Slaac or IPv6Mode.Dhcpv6Stateless
            || subnet.IPv6RaMode is IPv6Mode.Slaac or IPv6Mode.Dhcpv6Stateless;
        return subnet.IpVersion == 4 || (subnet.Cidr.PrefixLength is > 0 and <= 126 && (subnet.Cidr.PrefixLength == 64 || !isAutoconfigured));
    }
}

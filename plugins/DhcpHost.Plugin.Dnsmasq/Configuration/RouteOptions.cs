using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Dnsmasq.Configuration;

/// <summary>What clients of an IPv4 subnet are told about routes (RFC 3442).</summary>
internal sealed class RouteOptions
{
    private const string MetadataCidr = "169.254.169.254/32";
    private static readonly IPNetwork Default = new(IPAddress.Any, 0);

    private readonly DhcpPlan _plan;
    private readonly SubnetSet _subnets;
    private readonly Dictionary<SubnetId, IPAddress> _ownAddresses = [];
    private readonly Port? _ovnMetadataPort;

    public RouteOptions(DhcpPlan plan, SubnetSet subnets)
    {
        _plan = plan;
        _subnets = subnets;
        _ovnMetadataPort = plan.Network.Ports.FirstOrDefault(
            port => port.DeviceOwner == DeviceOwners.Distributed && port.DeviceId == $"ovnmeta-{plan.Network.Id}");
        var byPrefix = new Dictionary<IPNetwork, SubnetId>();
        foreach (var subnet in plan.Network.Subnets)
        {
            byPrefix[subnet.Cidr] = subnet.Id;
        }

        foreach (var address in plan.Interface.Addresses)
        {
            foreach (var (prefix, id) in byPrefix)
            {
                if (prefix.PrefixLength == address.PrefixLength && prefix.Contains(address.Address))
                {
                    _ownAddresses[id] = address.Address;
                }
            }
        }
    }

    /// <summary>The subnet's gateway, or the next hop of its own default route.</summary>
    public static IPAddress? FindGateway(Subnet subnet) =>
        subnet.GatewayIp ?? subnet.HostRoutes.FirstOrDefault(route => route.Destination == Default)?.NextHop;

    /// <summary>
    /// Destinations and next hops by turns; empty for none. Clients that take them ignore the router option, so the default route is one of
    /// them.
    /// </summary>
    public List<string> Make(Subnet subnet, IPAddress? gateway)
    {
        var routes = subnet.HostRoutes.Where(route => route.Destination != Default)
            .Select(route => $"{route.Destination},{AddressText.Plain(route.NextHop)}").ToList();
        if (FindMetadataRouter(subnet, gateway) is { } router)
        {
            routes.Add($"{MetadataCidr},{AddressText.Plain(router)}");
        }

        // Other subnets of the same wire are reached without a router.
        foreach (var other in _subnets.All)
        {
            if (other.IpVersion == 4 && other.Cidr != subnet.Cidr && other.SegmentId == subnet.SegmentId)
            {
                routes.Insert(0, $"{other.Cidr},0.0.0.0");
            }
        }

        if (routes.Count > 0 && gateway is not null)
        {
            routes.Add($"{Default},{AddressText.Plain(gateway)}");
        }

        return routes;
    }

    private IPAddress? FindMetadataRouter(Subnet subnet, IPAddress? gateway)
    {
        if (_ovnMetadataPort?.FixedIps.FirstOrDefault(ip => ip.SubnetId == subnet.Id) is { } ovn)
        {
            return ovn.Address;
        }

        var isIsolated = _subnets.IsIsolated(subnet.Id);
        return _plan.Metadata == MetadataMode.Forced || (isIsolated && _plan.Metadata == MetadataMode.Isolated)
            ? _ownAddresses.GetValueOrDefault(subnet.Id)
            : isIsolated ? null : gateway;
    }
}

using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Serving;

/// <summary>What clients of an IPv4 subnet are told about routes (RFC 3442).</summary>
public sealed class ClasslessRoutes
{
    private static readonly IPNetwork Metadata = IPNetwork.Parse("169.254.169.254/32");
    private static readonly IPNetwork Default = new(IPAddress.Any, 0);

    private readonly DhcpPlan _plan;
    private readonly SubnetSet _subnets;
    private readonly Dictionary<SubnetId, IPAddress> _ownAddresses = [];
    private readonly Port? _ovnMetadataPort;

    /// <summary>Prepares to answer for the subnets of one plan.</summary>
    public ClasslessRoutes(DhcpPlan plan, SubnetSet subnets)
    {
        ArgumentNullException.ThrowIfNull(plan);
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
    public static IPAddress? FindGateway(Subnet subnet)
    {
        ArgumentNullException.ThrowIfNull(subnet);
        return subnet.GatewayIp ?? subnet.HostRoutes.FirstOrDefault(route => route.Destination == Default)?.NextHop;
    }

    /// <summary>
    /// What goes into options 121 and 249; empty for none. Clients that take them ignore the router option, so the default route is one of
    /// them. A next hop of <c>0.0.0.0</c> is on the link.
    /// </summary>
    public IReadOnlyList<HostRoute> Make(Subnet subnet, IPAddress? gateway)
    {
        ArgumentNullException.ThrowIfNull(subnet);
        var routes = subnet.HostRoutes.Where(route => route.Destination != Default).ToList();
        if (FindMetadataRouter(subnet, gateway) is { } router)
        {
            routes.Add(new(Metadata, router));
        }

        // Other subnets of the same wire are reached without a router.
        foreach (var other in _subnets.All)
        {
            if (other.IpVersion == 4 && other.Cidr != subnet.Cidr && other.SegmentId == subnet.SegmentId)
            {
                routes.Insert(0, new(other.Cidr, IPAddress.Any));
            }
        }

        if (routes.Count > 0 && gateway is not null)
        {
            routes.Add(new(Default, gateway));
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

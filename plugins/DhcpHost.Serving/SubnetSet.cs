using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Serving;

/// <summary>The subnets of a network that its server knows, with the questions that the writers ask of them.</summary>
public sealed class SubnetSet
{
    private readonly Dictionary<SubnetId, Subnet> _byId;
    private readonly HashSet<SubnetId> _routed = [];

    /// <summary>Takes the network's own subnets and those on segments that this host does not reach.</summary>
    public SubnetSet(Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        All = [.. network.Subnets, .. network.NonLocalSubnets];
        _byId = All.DistinctBy(subnet => subnet.Id).ToDictionary(subnet => subnet.Id);
        foreach (var port in network.Ports)
        {
            if (port.DeviceOwner is DeviceOwners.RouterInterface or DeviceOwners.HaReplicatedInterface or DeviceOwners.DistributedRouterInterface)
            {
                _routed.UnionWith(port.FixedIps.Where(ip => Find(ip.SubnetId)?.GatewayIp?.Equals(ip.Address) == true).Select(ip => ip.SubnetId));
            }
        }
    }

    /// <summary>All of them; the network's own come first.</summary>
    public IReadOnlyList<Subnet> All { get; }

    /// <summary>The subnet of that id, if the server knows it.</summary>
    public Subnet? Find(SubnetId id) => _byId.GetValueOrDefault(id);

    /// <summary>True where no router of this network has the subnet's gateway address.</summary>
    public bool IsIsolated(SubnetId id) => !_routed.Contains(id);

    /// <summary>True where DHCP serves the subnet, in the family that is asked for.</summary>
    public bool IsServed(SubnetId id, int ipVersion) => Find(id) is { EnableDhcp: true } subnet && subnet.IpVersion == ipVersion;

    /// <summary>True where leases on a subnet have no end.</summary>
    public static bool IsEndless(Subnet subnet, ServerOptions options) => (subnet.LeaseTime ?? options.LeaseTime) == Timeout.InfiniteTimeSpan;

    /// <summary>True where the server itself gives out this address, to anybody.</summary>
    public bool IsDynamic(IPAddress address) => All.Any(subnet => subnet.EnableDhcp
        && subnet.IpVersion == address.IpVersion()
        && subnet.DynamicPools.Any(pool => AddressText.Compare(pool.Start, address) <= 0 && AddressText.Compare(address, pool.End) <= 0));
}

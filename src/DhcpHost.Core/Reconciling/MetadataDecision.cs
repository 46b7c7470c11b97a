using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Core.Reconciling;

/// <summary>Whether a network needs a metadata proxy: the rule of Neutron's <c>should_enable_metadata</c>.</summary>
public static class MetadataDecision
{
    /// <summary>The mode in force: <see cref="MetadataMode.Off"/> where no proxy is needed, never <see cref="MetadataMode.Default"/>.</summary>
    /// <param name="network">The network, with the subnets of one segment.</param>
    /// <param name="site">What the site says where the network says nothing.</param>
    public static MetadataMode Decide(Network network, MetadataMode site)
    {
        ArgumentNullException.ThrowIfNull(network);
        var mode = network.Metadata == MetadataMode.Default ? site : network.Metadata;
        var served = network.Subnets.Concat(network.NonLocalSubnets).Where(subnet => subnet.EnableDhcp).ToList();
        return mode switch
        {
            // Who gets nothing by DHCP is told no way to it either.
            _ when served.Count == 0 => MetadataMode.Off,

            // OVN serves metadata by itself, from a port of its own.
            _ when network.Ports.Any(port => port.DeviceOwner == DeviceOwners.Distributed && port.DeviceId.StartsWith("ovnmeta", StringComparison.Ordinal)) => MetadataMode.Off,
            MetadataMode.Forced => MetadataMode.Forced,
            MetadataMode.Isolated when served.Any(subnet => IsIsolated(network, subnet)) => MetadataMode.Isolated,
            _ => MetadataMode.Off,
        };
    }

    /// <summary>True where no router of the network has the subnet's gateway address.</summary>
    internal static bool IsIsolated(Network network, Subnet subnet) =>
        !network.Ports.Any(port => IsRouter(port) && port.FixedIps.Any(ip => ip.SubnetId == subnet.Id && ip.Address.Equals(subnet.GatewayIp)));

    private static bool IsRouter(Port port) =>
        port.DeviceOwner is DeviceOwners.RouterInterface or DeviceOwners.DistributedRouterInterface or DeviceOwners.HaReplicatedInterface;
}

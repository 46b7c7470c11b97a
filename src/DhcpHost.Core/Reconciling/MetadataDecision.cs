using System.Net;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Core.Reconciling;

/// <summary>Whether a network needs a metadata proxy: the rule of Neutron's <c>should_enable_metadata</c>.</summary>
public static class MetadataDecision
{
    private static readonly IPNetwork LinkLocal = IPNetwork.Parse("169.254.0.0/16");

    /// <summary>The mode in force: <see cref="MetadataMode.Off"/> where no proxy is needed, never <see cref="MetadataMode.Default"/>.</summary>
    /// <param name="network">The network, with the subnets of one segment.</param>
    /// <param name="site">What the site says where the network says nothing.</param>
    /// <param name="hasAccessNetworks">Whether the site has metadata access networks (Neutron's <c>enable_metadata_network</c>).</param>
    public static MetadataMode Decide(Network network, MetadataMode site, bool hasAccessNetworks = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        var mode = network.Metadata == MetadataMode.Default ? site : network.Metadata;
        var served = network.Subnets.Concat(network.NonLocalSubnets).Where(subnet => subnet.EnableDhcp).ToList();
        return mode switch
        {
            // Who gets nothing by DHCP is told no way to it either.
            _ when served.Count == 0 => MetadataMode.Off,

            // OVN serves metadata by itself, from a port of its own.
            _ when network.Ports.Any(port => port.DeviceOwner == DeviceOwners.Distributed && port.DeviceId.StartsWith("ovnmeta", StringComparison.Ordinal)) =>
                MetadataMode.Off,
            MetadataMode.Forced => MetadataMode.Forced,
            MetadataMode.Isolated when hasAccessNetworks && IsAccessNetwork(network) => MetadataMode.Isolated,
            MetadataMode.Isolated when served.Any(subnet => IsIsolated(network, subnet)) => MetadataMode.Isolated,
            _ => MetadataMode.Off,
        };
    }

    /// <summary>True where no router of the network has the subnet's gateway address.</summary>
    internal static bool IsIsolated(Network network, Subnet subnet) =>
        !network.Ports.Any(port => IsRouter(port) && port.FixedIps.Any(ip => ip.SubnetId == subnet.Id && ip.Address.Equals(subnet.GatewayIp)));

    /// <summary>
    /// The router that the network is the metadata access network of: the first one with a port on a network that has a subnet in 169.254.0.0/16.
    /// <c>null</c> for all other networks.
    /// </summary>
    internal static string? FindRouter(Network network, bool hasAccessNetworks) =>
        hasAccessNetworks && IsAccessNetwork(network) ? network.Ports.FirstOrDefault(IsRouter)?.DeviceId : null;

    private static bool IsAccessNetwork(Network network) =>
        network.Subnets.Concat(network.NonLocalSubnets).Any(
            subnet => subnet.IpVersion == 4 && subnet.Cidr.PrefixLength >= LinkLocal.PrefixLength && LinkLocal.Contains(subnet.Cidr.BaseAddress));

    private static bool IsRouter(Port port) =>
        port.DeviceOwner is DeviceOwners.RouterInterface or DeviceOwners.DistributedRouterInterface or DeviceOwners.HaReplicatedInterface;
}

using System.Net;
using DhcpHost.Plugin.Files.Addresses;
using DhcpHost.Plugin.Files.Config;
using DhcpHost.Plugin.Files.Mapping;

namespace DhcpHost.Plugin.Files.Rules;

/// <summary>Subnets do not overlap, and what belongs on them lies on them.</summary>
internal sealed class SubnetRule(int maxSubnets) : INetworkConfigRule
{
    private const int MinIpv6Mtu = 1280;
    private const int SlaacPrefixLength = 64;

    public void Check(NetworkConfig network, NetworkFindings findings)
    {
        if (network.Subnets.Count > maxSubnets)
        {
            findings.Add(
                "subnets",
                $"must have at most {maxSubnets} subnets, has {network.Subnets.Count}",
                "raise max_subnets of the files source, or split the network");
            return;
        }

        for (var i = 0; i < network.Subnets.Count; i++)
        {
            var subnet = network.Subnets[i];
            var key = $"subnets[{i}]";
            CheckPrefix(network, i, findings);
            CheckId(network, i, findings);
            CheckGateway(subnet, key, findings);
            CheckServer(subnet, key, findings);
            CheckFamily(subnet, key, findings);
            CheckRoutes(subnet, key, findings);
            CheckIpv6(network, subnet, key, findings);
        }
    }

    private static void CheckPrefix(NetworkConfig network, int index, NetworkFindings findings)
    {
        var cidr = network.Subnets[index].Cidr;
        for (var other = 0; other < index; other++)
        {
            var before = network.Subnets[other].Cidr;
            if (before.Contains(cidr.BaseAddress) || cidr.Contains(before.BaseAddress))
            {
                findings.Add(
                    $"subnets[{index}].cidr",
                    $"overlaps {before} of subnets[{other}]",
                    "subnets of different networks may overlap: put it in a file of its own");
            }
        }

        var isMulticast = AddressNumber.IsIpv6(cidr.BaseAddress) ? cidr.BaseAddress.IsIPv6Multicast : (AddressNumber.Of(cidr.BaseAddress) >> 28) == 0xE;
        if (isMulticast || IPAddress.IsLoopback(cidr.BaseAddress) || cidr.BaseAddress.IsIPv6LinkLocal || cidr.PrefixLength == 0)
        {
            findings.Add($"subnets[{index}].cidr", $"must be a network of unicast addresses, is {cidr}");
        }
    }

    private static void CheckId(NetworkConfig network, int index, NetworkFindings findings)
    {
        for (var other = 0; other < index; other++)
        {
            if (ReservationIds.Of(network.Subnets[other]) == ReservationIds.Of(network.Subnets[index]))
            {
                findings.Add($"subnets[{index}].id", $"is the id of subnets[{other}] already");
            }
        }
    }

    private static void CheckGateway(SubnetConfig subnet, string key, NetworkFindings findings)
    {
        if (subnet.Gateway is { } gateway && !gateway.IsIPv6LinkLocal && !AddressNumber.IsUsable(subnet.Cidr, gateway))
        {
            findings.Add($"{key}.gateway", $"must be a host's address in {subnet.Cidr}, is {gateway}");
        }
    }

    private static void CheckServer(SubnetConfig subnet, string key, NetworkFindings findings)
    {
        if (subnet.ServerAddress is not { } server)
        {
            return;
        }

        if (!AddressNumber.IsUsable(subnet.Cidr, server))
        {
            findings.Add($"{key}.server_address", $"must be a host's address in {subnet.Cidr}, is {server}");
        }

        if (server.Equals(subnet.Gateway))
        {
            findings.Add($"{key}.server_address", $"is the gateway's address, {server}", "the server needs an address of its own");
        }
    }

    private static void CheckFamily(SubnetConfig subnet, string key, NetworkFindings findings)
    {
        for (var i = 0; i < subnet.DnsServers.Count; i++)
        {
            if (subnet.DnsServers[i].AddressFamily != subnet.Cidr.BaseAddress.AddressFamily)
            {
                findings.Add($"{key}.dns_servers[{i}]", $"must be an address of the subnet's own protocol, is {subnet.DnsServers[i]}");
            }
        }
    }

    private static void CheckRoutes(SubnetConfig subnet, string key, NetworkFindings findings)
    {
        for (var i = 0; i < subnet.Routes.Count; i++)
        {
            var (destination, nextHop) = subnet.Routes[i];
            if (destination.BaseAddress.AddressFamily != subnet.Cidr.BaseAddress.AddressFamily)
            {
                findings.Add($"{key}.routes[{i}].destination", $"must be a network of the subnet's own protocol, is {destination}");
            }

            var isOnLink = nextHop.Equals(IPAddress.Any) || nextHop.Equals(IPAddress.IPv6Any);
            if (nextHop.AddressFamily != subnet.Cidr.BaseAddress.AddressFamily
                || (!isOnLink && !nextHop.IsIPv6LinkLocal && !AddressNumber.IsUsable(subnet.Cidr, nextHop)))
            {
                findings.Add($"{key}.routes[{i}].next_hop", $"must be a host's address in {subnet.Cidr}, is {nextHop}");
            }
        }
    }

    private static void CheckIpv6(NetworkConfig network, SubnetConfig subnet, string key, NetworkFindings findings)
    {
        if (!AddressNumber.IsIpv6(subnet.Cidr.BaseAddress))
        {
            if (subnet.Ipv6Mode is not null)
            {
                findings.Add($"{key}.ipv6_mode", $"is only for IPv6 subnets, and {subnet.Cidr} is none");
            }

            if (subnet.RouterAdvertisements is not null)
            {
                findings.Add($"{key}.router_advertisements", $"is only for IPv6 subnets, and {subnet.Cidr} is none");
            }

            return;
        }

        if (subnet.Ipv6Mode is SubnetIpv6Mode.Slaac or SubnetIpv6Mode.Stateless && subnet.Cidr.PrefixLength != SlaacPrefixLength)
        {
            findings.Add($"{key}.cidr", $"must be a /64 for SLAAC (RFC 4862), is a /{subnet.Cidr.PrefixLength}");
        }

        if (network.Mtu is < MinIpv6Mtu)
        {
            findings.Add("mtu", $"must be at least {MinIpv6Mtu} for IPv6 (RFC 8200 section 5), is {network.Mtu}");
        }
    }
}

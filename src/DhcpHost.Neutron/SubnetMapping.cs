using System.Net;
using System.Net.Sockets;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Neutron;

/// <summary>Maps a subnet.</summary>
internal static class SubnetMapping
{
    public static Subnet Read(JsonPart json)
    {
        var cidr = json.Require("cidr").AsPrefix();
        var family = cidr.BaseAddress.AddressFamily;
        var version = family == AddressFamily.InterNetworkV6 ? 6 : 4;
        if (json.Find("ip_version") is { } given && given.AsCount() != version)
        {
            throw given.Fault($"it is not the version of {cidr}, which is {version}");
        }

        return new()
        {
            Id = json.Require("id").As<SubnetId>("a subnet id"),
            Name = json.Find("name")?.AsText() ?? "",
            Cidr = cidr,
            GatewayIp = json.Find("gateway_ip") is { } gateway ? ReadAddress(gateway, family) : null,
            EnableDhcp = json.Find("enable_dhcp")?.AsFlag() ?? true,
            DnsNameservers = json.Map("dns_nameservers", address => address.AsAddress()),
            HostRoutes = json.Map("host_routes", ReadRoute),
            AllocationPools = json.Map("allocation_pools", pool => new AllocationPool(
                ReadAddress(pool.Require("start"), family),
                ReadAddress(pool.Require("end"), family))),
            IPv6AddressMode = ReadMode(json.Find("ipv6_address_mode")),
            IPv6RaMode = ReadMode(json.Find("ipv6_ra_mode")),
            SegmentId = json.Find("segment_id")?.As<SegmentId>("a segment id"),
            RevisionNumber = NeutronMapping.ReadRevision(json),
        };
    }

    private static HostRoute ReadRoute(JsonPart json)
    {
        var destination = json.Require("destination").AsPrefix();
        return new(destination, json.Require("nexthop").AsAddress());
    }

    private static IPAddress ReadAddress(JsonPart json, AddressFamily family)
    {
        var address = json.AsAddress();
        return address.AddressFamily == family ? address : throw json.Fault($"{address} is not of the subnet's family");
    }

    private static IPv6Mode ReadMode(JsonPart? json) => json?.AsText() switch
    {
        null => IPv6Mode.None,
        "slaac" => IPv6Mode.Slaac,
        "dhcpv6-stateful" => IPv6Mode.Dhcpv6Stateful,
        "dhcpv6-stateless" => IPv6Mode.Dhcpv6Stateless,
        _ => throw json.Fault("slaac, dhcpv6-stateful or dhcpv6-stateless is expected here"),
    };
}

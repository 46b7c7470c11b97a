using System.Net;
using System.Net.Sockets;
using System.Text.Json.Serialization;

namespace DhcpHost.Abstractions.Networks;

/// <summary>A range of addresses on a network, with what its clients are told.</summary>
public sealed record Subnet
{
    /// <summary>Its id.</summary>
    public required SubnetId Id { get; init; }

    /// <summary>A name for people; may be empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>The prefix.</summary>
    public required IPNetwork Cidr { get; init; }

    /// <summary>The router that clients are told, if any.</summary>
    public IPAddress? GatewayIp { get; init; }

    /// <summary>Whether DHCP serves it; default true.</summary>
    public bool EnableDhcp { get; init; } = true;

    /// <summary>Name servers; a single unspecified address (<c>0.0.0.0</c>, <c>::</c>) means: announce none.</summary>
    public EquatableArray<IPAddress> DnsNameservers { get; init; }

    /// <summary>Routes that clients are told.</summary>
    public EquatableArray<HostRoute> HostRoutes { get; init; }

    /// <summary>The ranges from which the source gives addresses to ports. No server hands these out by itself.</summary>
    public EquatableArray<AllocationPool> AllocationPools { get; init; }

    /// <summary>The ranges that the server itself gives to clients that nobody knows. Empty: ports only, as in Neutron.</summary>
    public EquatableArray<AllocationPool> DynamicPools { get; init; }

    /// <summary>How IPv6 clients get addresses.</summary>
    [JsonPropertyName("ipv6_address_mode")]
    public IPv6Mode IPv6AddressMode { get; init; }

    /// <summary>What router advertisements say, and whether the network's router sends them.</summary>
    [JsonPropertyName("ipv6_ra_mode")]
    public IPv6Mode IPv6RaMode { get; init; }

    /// <summary>Whether the DHCP server sends the router advertisements itself; default false: a router does.</summary>
    public bool SendRouterAdvertisements { get; init; }

    /// <summary>
    /// The lease time of this subnet; <c>null</c> for the network's. <see cref="Timeout.InfiniteTimeSpan"/> for leases without an end.
    /// </summary>
    public TimeSpan? LeaseTime { get; init; }

    /// <summary>The segment of a routed provider network that it is on.</summary>
    public SegmentId? SegmentId { get; init; }

    /// <summary>Further options for all its clients.</summary>
    public EquatableArray<ExtraDhcpOption> DhcpOptions { get; init; }

    /// <summary>Neutron's count of changes; 0 where the source has none.</summary>
    public long RevisionNumber { get; init; }

    /// <summary>4 or 6.</summary>
    [JsonIgnore]
    public int IpVersion => Cidr.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 ? 6 : 4;
}

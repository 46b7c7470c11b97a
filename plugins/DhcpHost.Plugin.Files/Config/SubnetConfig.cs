using System.ComponentModel.DataAnnotations;
using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Options;

namespace DhcpHost.Plugin.Files.Config;

/// <summary>A range of addresses on the network. Subnets of one network may not overlap; those of different networks may.</summary>
public sealed record SubnetConfig
{
    /// <summary>Its id. Default: made of the prefix.</summary>
    public SubnetId? Id { get; init; }

    /// <summary>A name for people.</summary>
    [StringLength(255)]
    public string Name { get; init; } = "";

    /// <summary>The prefix: `10.0.0.0/24`, `2001:db8::/64`.</summary>
    public required IPNetwork Cidr { get; init; }

    /// <summary>The router that clients are told. Default: none.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>Whether DHCP serves it.</summary>
    public bool EnableDhcp { get; init; } = true;

    /// <summary>
    /// The address of the DHCP server. Default: the first one that is neither gateway, reserved, in a pool nor named elsewhere in the file.
    /// </summary>
    public IPAddress? ServerAddress { get; init; }

    /// <summary>Name servers that clients are told. Default: the DHCP server itself; a single `0.0.0.0` or `::` for none.</summary>
    public EquatableArray<IPAddress> DnsServers { get; init; }

    /// <summary>Routes that clients are told; a `next_hop` of `0.0.0.0` for destinations on the link.</summary>
    public EquatableArray<HostRoute> Routes { get; init; }

    /// <summary>The ranges for clients that nobody knows. Default: none, only reservations get addresses.</summary>
    public EquatableArray<AllocationPool> Pools { get; init; }

    /// <summary>How IPv6 clients get addresses; only for IPv6. Default: `stateful`.</summary>
    public SubnetIpv6Mode? Ipv6Mode { get; init; }

    /// <summary>Whether the DHCP server sends the router advertisements; only for IPv6. Default: if there is no `gateway`.</summary>
    public bool? RouterAdvertisements { get; init; }

    /// <summary>How long leases are. Default: as the network says.</summary>
    [AllowInfinite, Range(typeof(TimeSpan), "00:02:00", "3650.00:00:00")]
    public TimeSpan? LeaseTime { get; init; }

    /// <summary>Options for the subnet's clients, by name or number, of the subnet's own protocol.</summary>
    public Dictionary<string, object> Options { get; init; } = [];
}

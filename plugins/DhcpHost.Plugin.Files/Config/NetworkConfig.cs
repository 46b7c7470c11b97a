using System.ComponentModel.DataAnnotations;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Options;

namespace DhcpHost.Plugin.Files.Config;

/// <summary>A network: one file in the directory of networks.</summary>
public sealed record NetworkConfig
{
    /// <summary>Its id, of letters, digits, '.', '_' and '-'. Default: the file's name without `.toml`.</summary>
    public NetworkId? Id { get; init; }

    /// <summary>A name for people.</summary>
    [StringLength(255)]
    public string Name { get; init; } = "";

    /// <summary>Whether it is served. With `false` its server is removed; the file stays as it is.</summary>
    public bool AdminStateUp { get; init; } = true;

    /// <summary>The Linux bridge that its clients are on. Default: what the interface driver's own options say.</summary>
    public string? Bridge { get; init; }

    /// <summary>Bytes that a packet may have; clients are told. Default: clients are told nothing.</summary>
    [Range(576, 65_535)]
    public int? Mtu { get; init; }

    /// <summary>The domain of its clients. Default: the site's.</summary>
    public string? DnsDomain { get; init; }

    /// <summary>How long leases are, where a subnet does not say otherwise. Default: the site's.</summary>
    [AllowInfinite, Range(typeof(TimeSpan), "00:02:00", "3650.00:00:00")]
    public TimeSpan? LeaseTime { get; init; }

    /// <summary>The DHCP driver to use. Default: the site's choice.</summary>
    public DriverId? DhcpDriver { get; init; }

    /// <summary>The interface driver to use. Default: the site's choice.</summary>
    public DriverId? InterfaceDriver { get; init; }

    /// <summary>Whether clients get a metadata proxy.</summary>
    public MetadataMode Metadata { get; init; }

    /// <summary>Marks of your own, for policies.</summary>
    public EquatableMap Labels { get; init; } = EquatableMap.Empty;

    /// <summary>DHCPv4 options for all clients, by name or number: a string, an integer, or a list of them.</summary>
    public Dictionary<string, object> Options { get; init; } = [];

    /// <summary>DHCPv6 options for all clients, in the same form.</summary>
    public Dictionary<string, object> Options6 { get; init; } = [];

    /// <summary>Network boot (PXE).</summary>
    public NetworkBoot? Boot { get; init; }

    /// <summary>Its subnets.</summary>
    public IReadOnlyList<SubnetConfig> Subnets { get; init; } = [];

    /// <summary>Clients that are known: their addresses, names and options.</summary>
    public IReadOnlyList<ReservationConfig> Reservations { get; init; } = [];
}

using System.Net;

namespace DhcpHost.Dhcp.RouterAdvertisements;

/// <summary>What a router advertisement says (RFC 4861 section 4.2).</summary>
public sealed record RouterAdvertisement
{
    /// <summary>The hop limit that clients are told; default 64.</summary>
    public byte HopLimit { get; init; } = 64;

    /// <summary>Addresses come by DHCPv6 (M).</summary>
    public bool IsManaged { get; init; }

    /// <summary>Other options come by DHCPv6 (O).</summary>
    public bool HasOtherConfiguration { get; init; }

    /// <summary>Seconds that the sender is a default router for; default 0: it is none.</summary>
    public ushort RouterLifetime { get; init; }

    /// <summary>The sender's MAC address, 6 bytes; empty to leave it out.</summary>
    public ReadOnlyMemory<byte> SourceLinkLayerAddress { get; init; }

    /// <summary>The link's MTU; 0 to leave it out.</summary>
    public uint Mtu { get; init; }

    /// <summary>The prefixes on the link.</summary>
    public IReadOnlyList<AdvertisedPrefix> Prefixes { get; init; } = [];

    /// <summary>Name servers (RFC 8106 section 5.1).</summary>
    public IReadOnlyList<IPAddress> DnsServers { get; init; } = [];

    /// <summary>The domain that clients search, in the wire form of RFC 1035; empty to leave it out (RFC 8106 section 5.2).</summary>
    public ReadOnlyMemory<byte> SearchDomain { get; init; }

    /// <summary>Seconds that name servers and domain are good for.</summary>
    public uint DnsLifetime { get; init; }
}

using DhcpHost.Abstractions.Networks;
using DhcpHost.Linux.Namespaces;

namespace DhcpHost.Linux.Netlink;

/// <summary>A veth pair to make (veth(4)): one end here, its peer here or in another namespace.</summary>
/// <param name="Name">This end's name, at most 15 bytes.</param>
/// <param name="PeerName">The peer's name.</param>
public sealed record VethSpec(string Name, string PeerName)
{
    /// <summary>Where the peer is born; null is beside this end. It must stay open until the request has been executed.</summary>
    public NetworkNamespace? PeerNamespace { get; init; }

    /// <summary>This end's MAC address; null lets the kernel choose at random.</summary>
    public MacAddress? Mac { get; init; }

    /// <summary>The peer's MAC address; null lets the kernel choose at random.</summary>
    public MacAddress? PeerMac { get; init; }

    /// <summary>Of both ends, in bytes; null is the kernel's default, 1500.</summary>
    public int? Mtu { get; init; }

    /// <summary>The bridge that this end becomes a port of; 0 for none.</summary>
    public int MasterIndex { get; init; }

    /// <summary>Sets this end up at once. The peer cannot be set up in the same request (the kernel answers ENOTCONN).</summary>
    public bool IsUp { get; init; }
}

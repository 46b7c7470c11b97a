using DhcpHost.Linux.Netlink;

namespace DhcpHost.Interfaces;

/// <summary>What the kernel has of a network's interface.</summary>
public record ObservedInterface
{
    /// <summary>Whether a living namespace has the name.</summary>
    public bool NamespaceExists { get; init; }

    /// <summary>The link in the host's namespace that has the bridge's name.</summary>
    public Link? Bridge { get; init; }

    /// <summary>The link in the host's namespace that has the outer end's name.</summary>
    public Link? HostLink { get; init; }

    /// <summary>The link inside the namespace.</summary>
    public Link? Link { get; init; }

    /// <summary>Whether <c>lo</c> is up inside.</summary>
    public bool IsLoopbackUp { get; init; }

    /// <summary>Whether the link leaves UDP checksums to a hardware that is not there.</summary>
    public bool OffloadsChecksums { get; init; }

    /// <summary>Of the link, link-local ones included.</summary>
    public IReadOnlyList<LinkAddress> Addresses { get; init; } = [];

    /// <summary>Of the main table, through the link.</summary>
    public IReadOnlyList<Route> Routes { get; init; } = [];

    /// <summary>Links inside that have names as a DHCP port's has, but are not this one.</summary>
    public IReadOnlyList<string> StaleDevices { get; init; } = [];

    /// <summary>Whether both ends are there and are each other's peer.</summary>
    public bool IsPair => HostLink is not null && Link is not null && HostLink.PeerIndex == Link.Index && Link.PeerIndex == HostLink.Index;
}

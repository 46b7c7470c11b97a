using DhcpHost.Linux.Netlink;

namespace DhcpHost.Plugin.Bridge;

/// <summary>What the kernel has of a network's interface.</summary>
internal sealed record ObservedInterface
{
    public bool NamespaceExists { get; init; }

    public Link? Bridge { get; init; }

    public Link? HostLink { get; init; }

    public Link? Link { get; init; }

    public bool IsLoopbackUp { get; init; }

    /// <summary>Without the link-local ones, which the kernel makes by itself.</summary>
    public IReadOnlyList<LinkAddress> Addresses { get; init; } = [];

    public IReadOnlyList<Route> DefaultRoutes { get; init; } = [];

    /// <summary>Whether both ends are there and are each other's peer.</summary>
    public bool IsPair => HostLink is not null && Link is not null && HostLink.PeerIndex == Link.Index && Link.PeerIndex == HostLink.Index;
}

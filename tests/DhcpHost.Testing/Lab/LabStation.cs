using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Netlink;

namespace DhcpHost.Testing.Lab;

/// <summary>A machine on a lab's wire: a namespace with one link, whose other end is a port of the bridge.</summary>
/// <param name="Namespace">Where its programs run.</param>
/// <param name="Netlink">Its links, addresses and routes.</param>
/// <param name="Link">Its link.</param>
public sealed record LabStation(NetworkNamespace Namespace, RouteNetlink Netlink, Link Link) : IDisposable
{
    /// <summary>Waits until its link has an IPv6 link-local address that duplicate address detection has passed.</summary>
    public Task WaitForLinkLocalAsync(CancellationToken cancellationToken) => Eventually.TrueAsync(
        () => Netlink.ListAddresses(Link.Index).Any(a => a.IsLinkLocal && !a.IsTentative), cancellationToken: cancellationToken);

    /// <summary>Closes the handles; the lab takes the namespace away.</summary>
    public void Dispose() => Netlink.Dispose();
}

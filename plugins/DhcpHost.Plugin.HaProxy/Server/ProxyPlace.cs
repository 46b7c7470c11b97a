using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Netlink;

namespace DhcpHost.Plugin.HaProxy.Server;

/// <summary>Where a plan's proxy has to listen, as the kernel has it now.</summary>
/// <param name="Namespace">The namespace, open.</param>
/// <param name="Link">The index of the interface in it.</param>
/// <param name="HasIPv6">The network has IPv6, and the interface an IPv6 metadata address that can be bound.</param>
internal sealed record ProxyPlace(NetworkNamespace Namespace, int Link, bool HasIPv6) : IDisposable
{
    private static readonly IPAddress IPv6 = IPAddress.Parse("fe80::a9fe:a9fe");

    /// <summary>Opens it; waits for duplicate address detection, since HAProxy cannot bind to an address before.</summary>
    /// <exception cref="DhcpHostException">The namespace or the interface is not there.</exception>
    public static async Task<ProxyPlace> OpenAsync(
        NetworkNamespaces namespaces, NetnsBroker broker, EpollLoop loop, MetadataPlan plan, CancellationToken cancellationToken)
    {
        var binding = plan.Interface;
        var ns = namespaces.TryOpen(binding.Namespace)
            ?? throw new DhcpHostException(FailureKind.Conflict, $"The namespace {binding.Namespace} is not there; the interface driver has to make it first.");
        try
        {
            using var netlink = await RouteNetlink.OpenAsync(broker, ns, cancellationToken);
            var link = netlink.FindLink(binding.Device)
                ?? throw new DhcpHostException(
                    FailureKind.Conflict, $"The interface {binding.Device} is not in {binding.Namespace}; the interface driver has to make it first.");
            var hasIPv6 = plan.Network.Subnets.Any(subnet => subnet.IpVersion == 6)
                && await IsUsableAsync(netlink, link.Index, broker, loop, ns, cancellationToken);
            return new(ns, link.Index, hasIPv6);
        }
        catch
        {
            ns.Dispose();
            throw;
        }
    }

    public void Dispose() => Namespace.Dispose();

    /// <summary>Whether a process runs in the namespace.</summary>
    public bool Has(int pid)
    {
        try
        {
            using var its = NetworkNamespace.OpenProcess(pid);
            return its.Id == Namespace.Id;
        }
        catch (LinuxException e) when (e.IsGone)
        {
            return false;
        }
    }

    /// <summary>False where the address is not there, or somebody else on the wire has it: then that one serves IPv6, as in Neutron.</summary>
    private static async Task<bool> IsUsableAsync(
        RouteNetlink netlink, int link, NetnsBroker broker, EpollLoop loop, NetworkNamespace ns, CancellationToken cancellationToken)
    {
        if (Find() is not { IsTentative: true, IsDuplicate: false } first)
        {
            return Find() is { IsDuplicate: false };
        }

        using var monitor = await LinkMonitor.OpenAsync(loop, broker, ns, cancellationToken);
        for (LinkAddress? address = first; ; address = Find())
        {
            if (address is not { IsTentative: true, IsDuplicate: false })
            {
                return address is { IsDuplicate: false };
            }

            _ = await monitor.Events.ReadAsync(cancellationToken);
        }

        LinkAddress? Find() => netlink.ListAddresses(link).FirstOrDefault(address => address.Address.Equals(IPv6));
    }
}

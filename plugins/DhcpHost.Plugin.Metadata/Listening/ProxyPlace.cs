using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Netlink;

namespace DhcpHost.Plugin.Metadata.Listening;

/// <summary>Where a plan's proxy has to listen, as the kernel has it now.</summary>
/// <param name="Namespace">The namespace, open.</param>
/// <param name="Link">The index of the interface in it.</param>
/// <param name="HasIPv6">The interface has the IPv6 address.</param>
/// <param name="IsIPv6Usable">It has passed duplicate address detection.</param>
internal sealed record ProxyPlace(NetworkNamespace Namespace, int Link, bool HasIPv6, bool IsIPv6Usable) : IDisposable
{
    public static IPAddress IPv4 { get; } = new([169, 254, 169, 254]);

    public static IPAddress IPv6 { get; } = IPAddress.Parse("fe80::a9fe:a9fe");

    /// <exception cref="DhcpHostException">The namespace or the interface is not there.</exception>
    public static async Task<ProxyPlace> OpenAsync(
        NetworkNamespaces namespaces, NetnsBroker broker, InterfaceBinding binding, CancellationToken cancellationToken)
    {
        var ns = namespaces.TryOpen(binding.Namespace)
            ?? throw new DhcpHostException(FailureKind.Conflict, $"The namespace {binding.Namespace} is not there; the interface driver has to make it first.");
        try
        {
            using var netlink = await RouteNetlink.OpenAsync(broker, ns, cancellationToken);
            var link = netlink.FindLink(binding.Device)
                ?? throw new DhcpHostException(
                    FailureKind.Conflict, $"The interface {binding.Device} is not in {binding.Namespace}; the interface driver has to make it first.");
            var address = netlink.ListAddresses(link.Index).FirstOrDefault(address => address.Address.Equals(IPv6));
            return new(ns, link.Index, address is not null, address is { IsTentative: false, IsDuplicate: false });
        }
        catch
        {
            ns.Dispose();
            throw;
        }
    }

    public void Dispose() => Namespace.Dispose();
}

using System.Net;
using System.Net.Sockets;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Metadata.Requests;

/// <summary>
/// Finds the port that a client is, by the rules of Neutron's metadata agent: the one port of the network that has its address; for a
/// link-local IPv6 address, the one that has the MAC address in it.
/// </summary>
internal static class InstanceFinder
{
    private const int FirstFiller = 11;

    /// <summary>The address as ports have it: an IPv4 address in IPv6 clothes is one, and a scope is not part of an address.</summary>
    public static IPAddress Normalize(IPAddress client) =>
        client.IsIPv4MappedToIPv6 ? client.MapToIPv4()
        : client is { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 } ? new(client.GetAddressBytes())
        : client;

    /// <summary>The port; <c>null</c> where there is none, or more than one.</summary>
    /// <param name="network">The network, with its ports: a look costs some microseconds at 1,000 of them, and no memory.</param>
    /// <param name="client">The normalized address.</param>
    public static Port? Find(Network network, IPAddress client)
    {
        var mac = client.IsIPv6LinkLocal ? MacOf(client) : null;
        Port? found = null;
        foreach (var port in network.Ports)
        {
            if (!(mac is null ? Has(port, client) : port.MacAddress == mac))
            {
                continue;
            }

            if (found is not null)
            {
                return null;
            }

            found = port;
        }

        return found;
    }

    /// <summary>The MAC address that an interface identifier was made of (modified EUI-64, RFC 4291 appendix A); <c>null</c> for another one.</summary>
    public static MacAddress? MacOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out _) && bytes[FirstFiller] == 0xff && bytes[FirstFiller + 1] == 0xfe
            ? new MacAddress([(byte)(bytes[8] ^ 0x02), bytes[9], bytes[10], bytes[13], bytes[14], bytes[15]])
            : null;
    }

    private static bool Has(Port port, IPAddress client)
    {
        foreach (var ip in port.FixedIps)
        {
            if (ip.Address.Equals(client))
            {
                return true;
            }
        }

        return false;
    }
}

using System.Net;
using System.Net.Sockets;

namespace DhcpHost.Serving;

/// <summary>Addresses as dnsmasq's files have them.</summary>
public static class AddressText
{
    /// <summary>4 or 6.</summary>
    public static int IpVersion(this IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? 6 : 4;

    /// <summary>Plain text, without the zone that an IPv6 address may carry here: it means nothing elsewhere.</summary>
    public static string Plain(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0
            ? new IPAddress(address.GetAddressBytes()).ToString()
            : address.ToString();

    /// <summary>IPv6 in brackets, so that it is not taken for a MAC address or for several values.</summary>
    public static string Bracketed(IPAddress address) => address.IpVersion() == 6 ? $"[{Plain(address)}]" : Plain(address);

    /// <summary>The mask of an IPv4 prefix.</summary>
    public static IPAddress Netmask(int prefixLength) =>
        new(BitConverter.GetBytes(IPAddress.HostToNetworkOrder(prefixLength == 0 ? 0 : unchecked((int)(uint.MaxValue << (32 - prefixLength))))));

    /// <summary>Orders two addresses of one family.</summary>
    public static int Compare(IPAddress left, IPAddress right) => left.GetAddressBytes().AsSpan().SequenceCompareTo(right.GetAddressBytes());
}

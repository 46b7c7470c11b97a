using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace DhcpHost.Plugin.Files.Addresses;

/// <summary>Addresses as numbers, for ranges and order.</summary>
internal static class AddressNumber
{
    private const int Ipv4Bits = 32;
    private const int Ipv6Bits = 128;

    public static UInt128 Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out var length);
        return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public static IPAddress ToAddress(UInt128 number, bool isIpv6)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new(isIpv6 ? bytes : bytes[12..]);
    }

    public static bool IsIpv6(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6;

    public static UInt128 First(IPNetwork network) => Of(network.BaseAddress);

    public static UInt128 Last(IPNetwork network)
    {
        var hostBits = (IsIpv6(network.BaseAddress) ? Ipv6Bits : Ipv4Bits) - network.PrefixLength;
        return Of(network.BaseAddress) + (hostBits == Ipv6Bits ? UInt128.MaxValue : (UInt128.One << hostBits) - 1);
    }

    /// <summary>
    /// The addresses that a host may have: without the network's and the broadcast address of IPv4 (RFC 3021 lets both be used in a /31), without
    /// the routers' anycast address of IPv6 (RFC 4291 section 2.6.1; RFC 6164 for /127).
    /// </summary>
    public static (UInt128 First, UInt128 Last) Usable(IPNetwork network)
    {
        var isIpv6 = IsIpv6(network.BaseAddress);
        var (first, last) = (First(network), Last(network));
        var isPointToPoint = network.PrefixLength >= (isIpv6 ? Ipv6Bits : Ipv4Bits) - 1;
        return isPointToPoint ? (first, last) : isIpv6 ? (first + 1, last) : (first + 1, last - 1);
    }

    public static bool IsUsable(IPNetwork network, IPAddress address)
    {
        if (!network.Contains(address))
        {
            return false;
        }

        var (first, last) = Usable(network);
        var number = Of(address);
        return number >= first && number <= last;
    }
}

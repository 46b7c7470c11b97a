using System.Buffers.Binary;
using System.Net;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Serving.V6;

/// <summary>IPv6 addresses as numbers.</summary>
public static class V6Address
{
    private const int Length = 16;

    public static UInt128 Read(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt128BigEndian(bytes);

    public static void Write(UInt128 address, Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, address);

    public static UInt128 From(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[Length];
        _ = address.TryWriteBytes(bytes, out _);
        return Read(bytes);
    }

    public static IPAddress ToIPAddress(UInt128 address)
    {
        Span<byte> bytes = stackalloc byte[Length];
        Write(address, bytes);
        return new(bytes);
    }

    /// <summary>The first and the last address of a prefix.</summary>
    public static (UInt128 First, UInt128 Last) Range(IPNetwork prefix)
    {
        var host = prefix.PrefixLength == 0 ? UInt128.MaxValue : (UInt128.One << (128 - prefix.PrefixLength)) - 1;
        var first = From(prefix.BaseAddress) & ~host;
        return (first, first | host);
    }

    public static bool IsUnspecified(ReadOnlySpan<byte> address) => !address.ContainsAnyExcept((byte)0);

    /// <summary>The MAC address that a link-local address was made of (RFC 4291 appendix A); <c>null</c> where it was not.</summary>
    public static MacAddress? FindMac(ReadOnlySpan<byte> address)
    {
        if (address.Length != Length || address[0] != 0xFE || (address[1] & 0xC0) != 0x80 || address[11] != 0xFF || address[12] != 0xFE)
        {
            return null;
        }

        return new([(byte)(address[8] ^ 2), address[9], address[10], address[13], address[14], address[15]]);
    }
}

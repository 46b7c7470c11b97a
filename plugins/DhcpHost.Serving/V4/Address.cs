using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace DhcpHost.Serving.V4;

/// <summary>IPv4 addresses as numbers in host order.</summary>
public static class Address
{
    public static uint ToNumber(IPAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        _ = address.TryWriteBytes(octets, out _);
        return BinaryPrimitives.ReadUInt32BigEndian(octets);
    }

    public static IPAddress Of(uint number)
    {
        Span<byte> octets = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(octets, number);
        return new(octets);
    }

    public static bool IsIPv4(this IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork;

    public static uint Mask(int prefixLength) => prefixLength == 0 ? 0 : uint.MaxValue << (32 - prefixLength);
}

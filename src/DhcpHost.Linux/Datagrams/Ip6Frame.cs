using System.Buffers.Binary;

namespace DhcpHost.Linux.Datagrams;

/// <summary>UDP over IPv6 as it is on the link (RFC 8200 section 3, RFC 768), without extension headers, which the filter keeps out.</summary>
/// <remarks>The checksum is not looked at: between virtual links of one machine it is not there yet, and on a wire Ethernet has one of its own.</remarks>
/// <param name="packet">The packet from its IPv6 header on.</param>
internal readonly ref struct Ip6Frame(ReadOnlySpan<byte> packet)
{
    /// <summary>Bytes of the headers of IPv6 and UDP.</summary>
    internal const int HeaderLength = 48;

    private const int UdpHeaderLength = 8;
    private readonly ReadOnlySpan<byte> _packet = packet;

    internal ReadOnlySpan<byte> Source => _packet.Slice(8, 16);

    internal ReadOnlySpan<byte> Destination => _packet.Slice(24, 16);

    internal ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_packet[40..]);

    /// <summary>What UDP says that it carries; empty where that is more than there is. Behind it may be padding.</summary>
    internal ReadOnlySpan<byte> Payload
    {
        get
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(_packet[44..]) - UdpHeaderLength;
            return length >= 0 && length <= _packet.Length - HeaderLength ? _packet.Slice(HeaderLength, length) : default;
        }
    }
}

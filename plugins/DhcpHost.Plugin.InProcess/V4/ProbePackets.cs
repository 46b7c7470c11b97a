using System.Buffers.Binary;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.InProcess.V4;

/// <summary>The packets by which addresses are asked for: ARP probes (RFC 5227) and ICMP echo requests (RFC 792).</summary>
internal static class ProbePackets
{
    private const int ArpLength = 28;
    private const int EchoLength = 16;
    private const int SenderAddress = 14;
    private const int TargetAddress = 24;
    private const ulong EthernetAndIPv4 = 0x0001_0800_0604;
    private const byte EchoRequest = 8;

    // Tells our echo replies from those that somebody else in the namespace waits for.
    private static readonly uint Mark = (uint)Random.Shared.Next();

    /// <summary>Writes a probe: from no address, so that nobody learns a wrong one. Returns its length.</summary>
    public static int WriteArp(Span<byte> packet, MacAddress mac, uint address)
    {
        packet = packet[..ArpLength];
        packet.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(packet, (EthernetAndIPv4 << 16) | 1);
        mac.CopyTo(packet[8..]);
        BinaryPrimitives.WriteUInt32BigEndian(packet[TargetAddress..], address);
        return ArpLength;
    }

    /// <summary>Who an ARP packet says has an address; <c>null</c> where it is none.</summary>
    public static uint? FindSender(ReadOnlySpan<byte> packet) =>
        packet.Length >= ArpLength && BinaryPrimitives.ReadUInt64BigEndian(packet) >> 16 == EthernetAndIPv4
            ? BinaryPrimitives.ReadUInt32BigEndian(packet[SenderAddress..])
            : null;

    /// <summary>Writes an echo request. Returns its length.</summary>
    public static int WriteEcho(Span<byte> packet, uint address)
    {
        packet = packet[..EchoLength];
        packet.Clear();
        packet[0] = EchoRequest;
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(address >> 16));
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], (ushort)address);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], Mark);
        var sum = 0u;
        for (var i = 0; i < EchoLength; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet[i..]);
        }

        sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)~((sum & 0xFFFF) + (sum >> 16)));
        return EchoLength;
    }

    /// <summary>Whether a message answers one of ours.</summary>
    public static bool IsEchoReply(ReadOnlySpan<byte> message) =>
        message.Length >= EchoLength && message[0] == 0 && BinaryPrimitives.ReadUInt32BigEndian(message[8..]) == Mark;
}

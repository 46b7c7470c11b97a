using System.Buffers.Binary;
using System.Runtime.InteropServices;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Datagrams;

/// <summary>
/// What handlers answer within one batch, in memory of its own: nothing is allocated for a reply. Used on the loop's thread alone.
/// </summary>
public sealed unsafe class DatagramReplies : IDisposable
{
    /// <summary>Bytes that a reply may have.</summary>
    public const int MaxLength = ReplySlots.MaxLength;

    private const int HeaderSizeIPv4 = 20;
    private const int HeaderSizeUdp = 8;
    private const byte ProtocolUdp = 17;
    private const byte TimeToLive = 64;

    private readonly IDatagramCommit _commit;
    private readonly ReplySlots _batch = new();
    private readonly ReplySlots _waiting = new();

    internal DatagramReplies(IDatagramCommit commit) => _commit = commit;

    /// <summary>Replies that the kernel did not take (no room, no route), or that were dropped because they could not be made durable.</summary>
    public long Dropped { get; private set; }

    /// <summary>Replies that wait for the batch's end.</summary>
    public int Count => _batch.Count;

    /// <summary>Takes back what was sent since a count was read: the handler failed in the middle.</summary>
    public void RollBack(int count) => _batch.Cut(count);

    /// <summary>The buffer for the next reply's payload. What is in it is sent by one of the methods below, or is lost.</summary>
    public Span<byte> Begin()
    {
        if (_batch.IsFull)
        {
            Flush();
        }

        return new(_batch.NextPayload, MaxLength);
    }

    /// <summary>Sends what was written to an address.</summary>
    /// <param name="socket">A socket of UDP, or of ICMP or ICMPv6 (port 0).</param>
    /// <param name="length">Bytes written.</param>
    /// <param name="destination">4 or 16 octets; an IPv6 link-local or multicast one is on the socket's link.</param>
    /// <param name="port">The destination's port.</param>
    /// <param name="source">The address to send from; empty for the kernel's choice.</param>
    /// <param name="after">The write that has to be durable before it leaves; 0 for none.</param>
    public void SendUdp(DatagramSocket socket, int length, ReadOnlySpan<byte> destination, ushort port, ReadOnlySpan<byte> source, long after)
    {
        ArgumentNullException.ThrowIfNull(socket);
        var name = _batch.NextName;
        var control = _batch.NextControl;
        name.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(name[2..], port);
        var controlLength = 0;
        if (destination.Length == 4)
        {
            MemoryMarshal.Write(name, (ushort)Libc.AF_INET);
            destination.CopyTo(name[4..]);
            if (!source.IsEmpty)
            {
                // struct in_pktinfo: the link, the source, a field for reception only.
                controlLength = BeginControl(control, Libc.IPPROTO_IP, Libc.IP_PKTINFO, 12);
                *(int*)(control + 16) = socket.LinkIndex;
                source.CopyTo(new Span<byte>(control + 20, 4));
                *(int*)(control + 24) = 0;
            }

            _batch.Add(socket, length, 16, controlLength, after, headers: 0);
            return;
        }

        MemoryMarshal.Write(name, (ushort)Libc.AF_INET6);
        destination.CopyTo(name[8..]);
        if ((destination[0] == 0xFE && (destination[1] & 0xC0) == 0x80) || destination[0] == 0xFF)
        {
            MemoryMarshal.Write(name[24..], socket.LinkIndex);
        }

        if (!source.IsEmpty)
        {
            controlLength = BeginControl(control, Libc.IPPROTO_IPV6, Libc.IPV6_PKTINFO, 20);
            source.CopyTo(new Span<byte>(control + 16, 16));
            *(int*)(control + 32) = socket.LinkIndex;
        }

        _batch.Add(socket, length, ReplySlots.NameSize, controlLength, after, headers: 0);
    }

    /// <summary>Sends what was written as UDP over IPv4 to a hardware address, for a client that does not have its address yet.</summary>
    public void SendFrame(
        DatagramSocket socket, int length, ReadOnlySpan<byte> hardware, ReadOnlySpan<byte> destination, ushort port, ReadOnlySpan<byte> source,
        ushort sourcePort, long after)
    {
        ArgumentNullException.ThrowIfNull(socket);
        const int headers = HeaderSizeIPv4 + HeaderSizeUdp;
        var packet = new Span<byte>(_batch.NextPayload - headers, headers + length);
        packet[..headers].Clear();
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        packet[8] = TimeToLive;
        packet[9] = ProtocolUdp;
        source.CopyTo(packet[12..]);
        destination.CopyTo(packet[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], (ushort)~Sum(packet[..HeaderSizeIPv4], 0));
        BinaryPrimitives.WriteUInt16BigEndian(packet[20..], sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(packet[22..], port);
        BinaryPrimitives.WriteUInt16BigEndian(packet[24..], (ushort)(HeaderSizeUdp + length));
        var sum = (ushort)~Sum(packet[12..], (uint)(ProtocolUdp + HeaderSizeUdp + length));
        BinaryPrimitives.WriteUInt16BigEndian(packet[26..], sum == 0 ? ushort.MaxValue : sum);
        AddLink(socket, Libc.ETH_P_IP, hardware, packet.Length, headers, after);
    }

    /// <summary>Sends what was written as an ARP packet to a hardware address.</summary>
    public void SendArp(DatagramSocket socket, int length, ReadOnlySpan<byte> hardware) =>
        AddLink(socket, Libc.ETH_P_ARP, hardware, length, 0, after: 0);

    /// <inheritdoc/>
    public void Dispose()
    {
        _batch.Dispose();
        _waiting.Dispose();
    }

    /// <summary>Has what was noted written, sends what may leave at once, and keeps the rest until its write is durable.</summary>
    internal void Flush()
    {
        SendWhatMay();
        while (!_batch.MoveTo(_waiting))
        {
            // So many wait that no more are taken before the disk is through.
            _commit.Finish();
            SendWhatMay();
        }
    }

    private void SendWhatMay()
    {
        // The disk is told first: it takes longer than what is done here meanwhile.
        var progress = _commit.Commit(Math.Max(_batch.Awaited, _waiting.Awaited));
        Dropped += _waiting.Send(progress.Durable) + _batch.Send(progress.Durable);
        _waiting.Compact();
        if (progress.HasFailed)
        {
            _batch.Compact();
            Dropped += _waiting.Count + _batch.Count;
            _waiting.Cut(0);
            _batch.Cut(0);
        }
    }

    private static int BeginControl(byte* control, int level, int type, int size)
    {
        *(nint*)control = 16 + size;
        *(int*)(control + 8) = level;
        *(int*)(control + 12) = type;
        return (16 + size + 7) & ~7;
    }

    private void AddLink(DatagramSocket socket, int protocol, ReadOnlySpan<byte> hardware, int length, int headers, long after)
    {
        // struct sockaddr_ll: family, protocol, link, hardware type, packet type, length of the address, the address.
        var name = _batch.NextName;
        name.Clear();
        MemoryMarshal.Write(name, (ushort)Libc.AF_PACKET);
        BinaryPrimitives.WriteUInt16BigEndian(name[2..], (ushort)protocol);
        MemoryMarshal.Write(name[4..], socket.LinkIndex);
        var octets = hardware[..Math.Min(hardware.Length, 8)];
        name[11] = (byte)octets.Length;
        octets.CopyTo(name[12..]);
        _batch.Add(socket, length, 20, 0, after, headers);
    }

    private static uint Sum(ReadOnlySpan<byte> data, uint sum)
    {
        for (; data.Length > 1; data = data[2..])
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(data);
        }

        sum += data.IsEmpty ? 0 : (uint)data[0] << 8;
        while (sum > ushort.MaxValue)
        {
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        }

        return sum;
    }
}

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
    public const int MaxLength = SlotSize - Headroom;

    private const int Capacity = 256;
    private const int SlotSize = 4096;
    private const int Headroom = 64;
    private const int NameSize = 28;
    private const int ControlSize = 40;
    private const int HeaderSizeIPv4 = 20;
    private const int HeaderSizeUdp = 8;
    private const byte ProtocolUdp = 17;
    private const byte TimeToLive = 64;

    private readonly IDatagramCommit _commit;
    private readonly byte* _slots = (byte*)NativeMemory.AllocZeroed(Capacity, SlotSize);
    private readonly byte* _names = (byte*)NativeMemory.AllocZeroed(Capacity, NameSize);
    private readonly byte* _controls = (byte*)NativeMemory.AllocZeroed(Capacity, ControlSize);
    private readonly MessageHeader* _headers = (MessageHeader*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(MessageHeader));
    private readonly MessageHeader.IoVector* _vectors = (MessageHeader.IoVector*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(MessageHeader.IoVector));
    private readonly (DatagramSocket Socket, bool IsDurable)[] _owners = new (DatagramSocket, bool)[Capacity];
    private int _count;
    private bool _isDisposed;

    internal DatagramReplies(IDatagramCommit commit) => _commit = commit;

    /// <summary>Replies that the kernel did not take (no room, no route), or that were dropped because they could not be made durable.</summary>
    public long Dropped { get; private set; }

    /// <summary>Replies that wait for the batch's end.</summary>
    public int Count => _count;

    /// <summary>Takes back what was sent since a count was read: the handler failed in the middle.</summary>
    public void RollBack(int count) => _count = Math.Min(_count, count);

    /// <summary>The buffer for the next reply's payload. What is in it is sent by one of the methods below, or is lost.</summary>
    public Span<byte> Begin()
    {
        if (_count == Capacity)
        {
            Flush();
        }

        return new(Slot(_count), MaxLength);
    }

    /// <summary>Sends what was written to an address.</summary>
    /// <param name="socket">A socket of UDP, or of ICMP or ICMPv6 (port 0).</param>
    /// <param name="length">Bytes written.</param>
    /// <param name="destination">4 or 16 octets; an IPv6 link-local or multicast one is on the socket's link.</param>
    /// <param name="port">The destination's port.</param>
    /// <param name="source">The address to send from; empty for the kernel's choice.</param>
    /// <param name="isDurable">Leaves only when the batch is committed.</param>
    public void SendUdp(DatagramSocket socket, int length, ReadOnlySpan<byte> destination, ushort port, ReadOnlySpan<byte> source, bool isDurable)
    {
        ArgumentNullException.ThrowIfNull(socket);
        var name = new Span<byte>(_names + (_count * NameSize), NameSize);
        var control = _controls + (_count * ControlSize);
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

            Add(socket, length, 16, controlLength, isDurable);
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

        Add(socket, length, NameSize, controlLength, isDurable);
    }

    /// <summary>Sends what was written as UDP over IPv4 to a hardware address, for a client that does not have its address yet.</summary>
    public void SendFrame(
        DatagramSocket socket, int length, ReadOnlySpan<byte> hardware, ReadOnlySpan<byte> destination, ushort port, ReadOnlySpan<byte> source, ushort sourcePort, bool isDurable)
    {
        ArgumentNullException.ThrowIfNull(socket);
        const int headers = HeaderSizeIPv4 + HeaderSizeUdp;
        var packet = new Span<byte>(Slot(_count) - headers, headers + length);
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
        AddLink(socket, Libc.ETH_P_IP, hardware, packet.Length, headers, isDurable);
    }

    /// <summary>Sends what was written as an ARP packet to a hardware address.</summary>
    public void SendArp(DatagramSocket socket, int length, ReadOnlySpan<byte> hardware) =>
        AddLink(socket, Libc.ETH_P_ARP, hardware, length, 0, isDurable: false);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            NativeMemory.Free(_slots);
            NativeMemory.Free(_names);
            NativeMemory.Free(_controls);
            NativeMemory.Free(_headers);
            NativeMemory.Free(_vectors);
        }
    }


    /// <summary>Sends what may leave at once, commits, and sends the rest.</summary>
    internal void Flush()
    {
        var mustCommit = false;
        for (var i = 0; i < _count; i++)
        {
            mustCommit |= _owners[i].IsDurable;
        }

        Send(isDurable: false);
        if (_commit.Commit(mustCommit))
        {
            Send(isDurable: true);
        }
        else
        {
            for (var i = 0; i < _count; i++)
            {
                Dropped += _owners[i].IsDurable ? 1 : 0;
            }
        }

        Array.Clear(_owners, 0, _count);
        _count = 0;
    }

    private byte* Slot(int index) => _slots + (index * SlotSize) + Headroom;

    private static int BeginControl(byte* control, int level, int type, int size)
    {
        *(nint*)control = 16 + size;
        *(int*)(control + 8) = level;
        *(int*)(control + 12) = type;
        return (16 + size + 7) & ~7;
    }

    private void AddLink(DatagramSocket socket, int protocol, ReadOnlySpan<byte> hardware, int length, int headers, bool isDurable)
    {
        // struct sockaddr_ll: family, protocol, link, hardware type, packet type, length of the address, the address.
        var name = new Span<byte>(_names + (_count * NameSize), NameSize);
        name.Clear();
        MemoryMarshal.Write(name, (ushort)Libc.AF_PACKET);
        BinaryPrimitives.WriteUInt16BigEndian(name[2..], (ushort)protocol);
        MemoryMarshal.Write(name[4..], socket.LinkIndex);
        var octets = hardware[..Math.Min(hardware.Length, 8)];
        name[11] = (byte)octets.Length;
        octets.CopyTo(name[12..]);
        Add(socket, length, 20, 0, isDurable, headers);
    }

    private void Add(DatagramSocket socket, int length, int nameLength, int controlLength, bool isDurable, int headers = 0)
    {
        var i = _count++;
        _vectors[i].Base = Slot(i) - headers;
        _vectors[i].Length = length;
        _headers[i] = new()
        {
            Name = _names + (i * NameSize),
            NameLength = (uint)nameLength,
            Vectors = _vectors + i,
            VectorCount = 1,
            Control = controlLength > 0 ? _controls + (i * ControlSize) : null,
            ControlLength = controlLength,
        };
        _owners[i] = (socket, isDurable);
    }

    private void Send(bool isDurable)
    {
        for (var i = 0; i < _count;)
        {
            if (_owners[i].IsDurable != isDurable || _owners[i].Socket.Fd.IsClosed)
            {
                i++;
                continue;
            }

            var end = i + 1;
            while (end < _count && ReferenceEquals(_owners[end].Socket, _owners[i].Socket) && _owners[end].IsDurable == isDurable)
            {
                end++;
            }

            var sent = Libc.sendmmsg(_owners[i].Socket.Fd, _headers + i, (uint)(end - i), Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL);
            if (sent <= 0)
            {
                // The first of them is refused: its client asks again; those behind it are tried on their own.
                Dropped++;
                sent = 1;
            }

            i += sent;
        }
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

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Datagrams;

/// <summary>Takes datagrams from sockets, many at a call, into memory of its own.</summary>
internal sealed unsafe class DatagramReceiver : IDisposable
{
    private const int Batch = 64;
    private const int MaxRounds = 8;
    private const int BufferSize = 4096;
    private const int NameSize = 32;
    private const int ControlSize = 128;
    private const int HeaderSize = 16;

    private readonly byte* _buffers = (byte*)NativeMemory.Alloc(Batch, BufferSize);
    private readonly byte* _names = (byte*)NativeMemory.Alloc(Batch, NameSize);
    private readonly byte* _controls = (byte*)NativeMemory.Alloc(Batch, ControlSize);
    private readonly MessageHeader* _headers = (MessageHeader*)NativeMemory.AllocZeroed(Batch, (nuint)sizeof(MessageHeader));
    private readonly MessageHeader.IoVector* _vectors = (MessageHeader.IoVector*)NativeMemory.AllocZeroed(Batch, (nuint)sizeof(MessageHeader.IoVector));

    /// <summary>Hands over what waits, up to a bound, so that no socket keeps the others waiting.</summary>
    internal void Receive(DatagramSocket socket, IDatagramHandler handler, DatagramReplies replies)
    {
        for (var round = 0; round < MaxRounds; round++)
        {
            for (var i = 0; i < Batch; i++)
            {
                _vectors[i] = new() { Base = _buffers + (i * BufferSize), Length = BufferSize };
                _headers[i] = new()
                {
                    Name = _names + (i * NameSize),
                    NameLength = NameSize,
                    Vectors = _vectors + i,
                    VectorCount = 1,
                    Control = _controls + (i * ControlSize),
                    ControlLength = ControlSize,
                };
            }

            var count = Libc.recvmmsg(socket.Fd, _headers, Batch, Libc.MSG_DONTWAIT, 0);
            if (count < 0)
            {
                // An error that a reply of before brought (no route, port unreachable) is told once and is nothing to stop for.
                if (Libc.LastErrno is Errno.EAGAIN or Errno.EINTR)
                {
                    return;
                }

                if (socket.Fd.IsClosed || !socket.HasLink)
                {
                    handler.Fail(socket, "its link is gone");
                    return;
                }

                continue;
            }

            if (socket.Kind == DatagramKind.LinkEvents)
            {
                if (socket.Fd.IsClosed || !socket.HasLink)
                {
                    handler.Fail(socket, "its link is gone");
                    return;
                }
            }
            else
            {
                for (var i = 0; i < count && !socket.Fd.IsClosed; i++)
                {
                    Deliver(socket, handler, replies, i);
                }
            }

            if (count < Batch || socket.Fd.IsClosed)
            {
                return;
            }
        }
    }

    public void Dispose()
    {
        NativeMemory.Free(_buffers);
        NativeMemory.Free(_names);
        NativeMemory.Free(_controls);
        NativeMemory.Free(_headers);
        NativeMemory.Free(_vectors);
    }

    private void Deliver(DatagramSocket socket, IDatagramHandler handler, DatagramReplies replies, int index)
    {
        ref var header = ref _headers[index];
        if ((header.Flags & Libc.MSG_TRUNC) != 0)
        {
            // Longer than anything that a DHCP client or relay sends.
            return;
        }

        var name = new ReadOnlySpan<byte>(header.Name, (int)Math.Min(header.NameLength, NameSize));
        var payload = new ReadOnlySpan<byte>(header.Vectors->Base, (int)header.Length);
        var control = ReadControl(in header);
        switch (socket.Kind)
        {
            case DatagramKind.Udp4 when name.Length >= 8:
                handler.Receive(
                    socket,
                    new()
                    {
                        Payload = payload,
                        Source = name.Slice(4, 4),
                        SourcePort = BinaryPrimitives.ReadUInt16BigEndian(name[2..]),
                        Destination = Span(control.Destination, 4),
                    },
                    replies);
                break;
            case DatagramKind.Icmp4 when name.Length >= 8 && !payload.IsEmpty && (payload[0] & 0xF) * 4 is var header4 && payload.Length > header4:
                handler.Receive(socket, new() { Payload = payload[header4..], Source = name.Slice(4, 4), Destination = payload.Slice(16, 4) }, replies);
                break;
            case DatagramKind.Udp6 or DatagramKind.Icmp6 when name.Length >= 24:
                handler.Receive(
                    socket,
                    new()
                    {
                        Payload = payload,
                        Source = name.Slice(8, 16),
                        SourcePort = BinaryPrimitives.ReadUInt16BigEndian(name[2..]),
                        Destination = Span(control.Destination, 16),
                        HopLimit = control.HopLimit,
                    },
                    replies);
                break;
            case DatagramKind.Frame6 when name.Length >= 18 && name[10] <= Libc.PACKET_MULTICAST && payload.Length >= Ip6Frame.HeaderLength:
                var frame = new Ip6Frame(payload);
                handler.Receive(
                    socket,
                    new()
                    {
                        Payload = frame.Payload,
                        Source = frame.Source,
                        SourcePort = frame.SourcePort,
                        Destination = frame.Destination,
                        Hardware = name.Slice(12, 6),
                    },
                    replies);
                break;
            case DatagramKind.Arp when name.Length >= 18:
                handler.Receive(socket, new() { Payload = payload, Source = name.Slice(12, 6) }, replies);
                break;
            default:
                break;
        }
    }

    private static ReadOnlySpan<byte> Span(byte* start, int length) => start == null ? default : new(start, length);

    private static Control ReadControl(in MessageHeader header)
    {
        var result = new Control();
        var end = header.Control + header.ControlLength;
        for (var p = header.Control; p + HeaderSize <= end;)
        {
            var length = (int)*(nint*)p;
            if (length < HeaderSize || p + length > end)
            {
                break;
            }

            switch (*(int*)(p + 8), *(int*)(p + 12))
            {
                case (Libc.IPPROTO_IP, Libc.IP_PKTINFO):
                    result.Destination = p + HeaderSize + 8;
                    break;
                case (Libc.IPPROTO_IPV6, Libc.IPV6_PKTINFO):
                    result.Destination = p + HeaderSize;
                    break;
                case (Libc.IPPROTO_IPV6, Libc.IPV6_HOPLIMIT):
                    result.HopLimit = (byte)*(int*)(p + HeaderSize);
                    break;
                default:
                    break;
            }

            p += (length + 7) & ~7;
        }

        return result;
    }

    private ref struct Control
    {
        internal byte* Destination;
        internal byte HopLimit;
    }
}

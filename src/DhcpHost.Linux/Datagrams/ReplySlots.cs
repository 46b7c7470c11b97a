using System.Runtime.InteropServices;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Datagrams;

/// <summary>Room for datagrams that are to be sent, with the address of each and the write that it waits for.</summary>
internal sealed unsafe class ReplySlots : IDisposable
{
    public const int Capacity = 256;
    public const int MaxLength = SlotSize - Headroom;
    public const int Headroom = 64;
    public const int NameSize = 28;
    private const int SlotSize = 4096;
    private const int ControlSize = 40;

    private readonly byte* _slots = (byte*)NativeMemory.AllocZeroed(Capacity, SlotSize);
    private readonly byte* _names = (byte*)NativeMemory.AllocZeroed(Capacity, NameSize);
    private readonly byte* _controls = (byte*)NativeMemory.AllocZeroed(Capacity, ControlSize);
    private readonly MessageHeader* _headers = (MessageHeader*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(MessageHeader));
    private readonly MessageHeader.IoVector* _vectors = (MessageHeader.IoVector*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(MessageHeader.IoVector));

    // No socket: it was sent, or dropped.
    private readonly (DatagramSocket? Socket, long After)[] _owners = new (DatagramSocket?, long)[Capacity];
    private bool _isDisposed;

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    /// <summary>The payload of the next datagram; what lies before it is room for headers.</summary>
    public byte* NextPayload => Slot(Count);

    /// <summary>The address of the next datagram.</summary>
    public Span<byte> NextName => new(_names + (Count * NameSize), NameSize);

    /// <summary>The control message of the next datagram.</summary>
    public byte* NextControl => _controls + (Count * ControlSize);

    /// <summary>The last write that one of them waits for; 0 for none.</summary>
    public long Awaited
    {
        get
        {
            var last = 0L;
            for (var i = 0; i < Count; i++)
            {
                last = Math.Max(last, _owners[i].After);
            }

            return last;
        }
    }

    /// <summary>Takes what was written to the next slot.</summary>
    public void Add(DatagramSocket socket, int length, int nameLength, int controlLength, long after, int headers)
    {
        var i = Count++;
        _vectors[i] = new() { Base = Slot(i) - headers, Length = length };
        _headers[i] = new()
        {
            Name = _names + (i * NameSize),
            NameLength = (uint)nameLength,
            Vectors = _vectors + i,
            VectorCount = 1,
            Control = controlLength > 0 ? _controls + (i * ControlSize) : null,
            ControlLength = controlLength,
        };
        _owners[i] = (socket, after);
    }

    /// <summary>Forgets the last ones.</summary>
    public void Cut(int count)
    {
        if (count < Count)
        {
            Array.Clear(_owners, count, Count - count);
            Count = count;
        }
    }

    /// <summary>Sends what need not wait any longer.</summary>
    /// <returns>How many the kernel did not take.</returns>
    public int Send(long durable)
    {
        var dropped = 0;
        for (var i = 0; i < Count;)
        {
            if (_owners[i].Socket is not { } socket || _owners[i].After > durable)
            {
                i++;
                continue;
            }

            var end = i + 1;
            while (end < Count && ReferenceEquals(_owners[end].Socket, socket) && _owners[end].After <= durable)
            {
                end++;
            }

            dropped += Send(socket, i, end);
            Array.Clear(_owners, i, end - i);
            i = end;
        }

        return dropped;
    }

    /// <summary>Moves what was not sent, as far as there is room.</summary>
    /// <returns>Whether there was room for all.</returns>
    public bool MoveTo(ReplySlots other)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_owners[i].Socket is not null)
            {
                if (other.IsFull)
                {
                    return false;
                }

                other.Copy(this, i);
                _owners[i] = default;
            }
        }

        Cut(0);
        return true;
    }

    /// <summary>Closes the gaps that were left by what was sent.</summary>
    public void Compact()
    {
        var all = Count;
        Count = 0;
        for (var i = 0; i < all; i++)
        {
            if (_owners[i].Socket is not null && i == Count)
            {
                Count++;
            }
            else if (_owners[i].Socket is not null)
            {
                Copy(this, i);
                _owners[i] = default;
            }
        }
    }

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

    private byte* Slot(int index) => _slots + (index * SlotSize) + Headroom;

    private void Copy(ReplySlots from, int i)
    {
        var headers = (int)(from.Slot(i) - (byte*)from._vectors[i].Base);
        var length = (int)from._vectors[i].Length;
        var controlLength = (int)from._headers[i].ControlLength;
        NativeMemory.Copy(from.Slot(i) - headers, NextPayload - headers, (nuint)length);
        NativeMemory.Copy(from._names + (i * NameSize), _names + (Count * NameSize), NameSize);
        NativeMemory.Copy(from._controls + (i * ControlSize), NextControl, ControlSize);
        Add(from._owners[i].Socket!, length, (int)from._headers[i].NameLength, controlLength, from._owners[i].After, headers);
    }

    private int Send(DatagramSocket socket, int start, int end)
    {
        var dropped = 0;
        for (var i = start; i < end && !socket.Fd.IsClosed;)
        {
            var sent = Libc.sendmmsg(socket.Fd, _headers + i, (uint)(end - i), Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL);
            if (sent <= 0)
            {
                // The first of them is refused: its client asks again; those behind it are tried on their own.
                dropped++;
                sent = 1;
            }

            i += sent;
        }

        return dropped;
    }
}

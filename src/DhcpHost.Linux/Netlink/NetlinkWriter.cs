using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using static DhcpHost.Linux.Netlink.NetlinkConstants;

namespace DhcpHost.Linux.Netlink;

/// <summary>Writes netlink messages and their attributes (netlink(7)) one after the other into a growing buffer.</summary>
internal sealed class NetlinkWriter
{
    private byte[] _buffer = new byte[512];
    private int _length;

    internal int Length => _length;

    internal Span<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>Starts a message; its length and sequence number are set by <see cref="End"/> and by the sender.</summary>
    internal int Begin(ushort type, ushort flags)
    {
        var start = _length;
        var header = Reserve(HeaderLength);
        MemoryMarshal.Write(header[4..], type);
        MemoryMarshal.Write(header[6..], (ushort)(flags | NLM_F_REQUEST));
        return start;
    }

    internal void End(int start) => MemoryMarshal.Write(_buffer.AsSpan(start), _length - start);

    internal void Append<T>(T value)
        where T : unmanaged => MemoryMarshal.Write(Reserve(Marshal.SizeOf<T>()), value);

    internal void Attribute(ushort type, ReadOnlySpan<byte> value)
    {
        var attribute = Reserve(Align(4 + value.Length));
        MemoryMarshal.Write(attribute, (ushort)(4 + value.Length));
        MemoryMarshal.Write(attribute[2..], type);
        value.CopyTo(attribute[4..]);
    }

    internal void Attribute(ushort type, uint value) => Attribute(type, MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in value)));

    internal void Attribute(ushort type, string value) => Attribute(type, Encoding.UTF8.GetBytes(value + '\0'));

    internal void Attribute(ushort type, IPAddress value) => Attribute(type, value.GetAddressBytes());

    internal int BeginNested(ushort type)
    {
        var start = _length;
        MemoryMarshal.Write(Reserve(4)[2..], (ushort)(type | NLA_F_NESTED));
        return start;
    }

    internal void EndNested(int start) => MemoryMarshal.Write(_buffer.AsSpan(start), (ushort)(_length - start));

    private Span<byte> Reserve(int count)
    {
        if (_length + count > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        }
        var span = _buffer.AsSpan(_length, count);
        span.Clear();
        _length += count;
        return span;
    }
}

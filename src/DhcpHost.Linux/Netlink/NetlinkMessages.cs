using System.Runtime.InteropServices;
using DhcpHost.Linux.Interop;
using static DhcpHost.Linux.Netlink.NetlinkConstants;

namespace DhcpHost.Linux.Netlink;

/// <summary>One message in a received buffer.</summary>
internal readonly ref struct NetlinkMessage(ReadOnlySpan<byte> whole)
{
    private readonly ReadOnlySpan<byte> _whole = whole;

    internal ushort Type => MemoryMarshal.Read<ushort>(_whole[4..]);

    internal ushort Flags => MemoryMarshal.Read<ushort>(_whole[6..]);

    internal uint Sequence => MemoryMarshal.Read<uint>(_whole[8..]);

    internal ReadOnlySpan<byte> Body => _whole[HeaderLength..];

    /// <summary>The error number of an acknowledgement or of a dump's end, and the kernel's words.</summary>
    internal (Errno Errno, string? Text) ReadAnswer()
    {
        if (Body.Length < 4)
        {
            return (Errno.None, null);
        }
        var errno = (Errno)(-MemoryMarshal.Read<int>(Body));
        if ((Flags & NLM_F_ACK_TLVS) == 0)
        {
            return (errno, null);
        }
        // After the number: for an acknowledgement the request's header (its whole where not capped), then the attributes.
        var skip = 4;
        if (Type is NLMSG_ERROR)
        {
            var request = MemoryMarshal.Read<int>(Body[4..]);
            skip += (Flags & NLM_F_CAPPED) != 0 ? HeaderLength : Align(request);
        }
        var attributes = new AttributeReader(Body[Math.Min(skip, Body.Length)..]);
        while (attributes.Next())
        {
            if (attributes.Type is NLMSGERR_ATTR_MSG)
            {
                return (errno, attributes.Text);
            }
        }
        return (errno, null);
    }
}

/// <summary>The messages of a received buffer; ends at the first that does not fit.</summary>
internal ref struct NetlinkMessages(ReadOnlySpan<byte> buffer)
{
    private ReadOnlySpan<byte> _rest = buffer;
    private ReadOnlySpan<byte> _current;

    public readonly NetlinkMessage Current => new(_current);

    public readonly NetlinkMessages GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.Length < HeaderLength)
        {
            return false;
        }
        var length = MemoryMarshal.Read<int>(_rest);
        if (length < HeaderLength || length > _rest.Length)
        {
            return false;
        }
        _current = _rest[..length];
        _rest = _rest[Math.Min(Align(length), _rest.Length)..];
        return true;
    }
}

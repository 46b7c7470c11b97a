using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DhcpHost.Dhcp.V4;

/// <summary>
/// A DHCPv4 message in a buffer, taken apart without copying: one pass finds every option. An option that is sent in parts (RFC 3396) is put
/// together in the workspace when it is asked for; options in <c>file</c> and <c>sname</c> (option 52) are found as well.
/// </summary>
public readonly ref struct Dhcpv4Reader
{
    /// <summary>Octets of the workspace that <see cref="TryRead"/> needs.</summary>
    public const int WorkspaceSize = IndexSize + sizeof(ushort) + ScratchSize;

    private const int IndexSize = 2 * sizeof(ushort) * (byte.MaxValue + 1);
    private const int ScratchSize = 1024;
    private const ushort Split = 0x8000;
    private const byte OverloadFile = 1;
    private const byte OverloadSName = 2;

    private readonly ReadOnlySpan<byte> _packet;

    // Where each option begins and how long it is, then how much of the scratch memory is used, then that memory.
    private readonly Span<ushort> _index;
    private readonly Span<byte> _scratch;

    private Dhcpv4Reader(ReadOnlySpan<byte> packet, Span<byte> workspace)
    {
        _packet = packet;
        _index = MemoryMarshal.Cast<byte, ushort>(workspace[..(IndexSize + sizeof(ushort))]);
        _index.Clear();
        _scratch = workspace.Slice(IndexSize + sizeof(ushort), ScratchSize);
    }

    /// <summary>1 for a request, 2 for a reply.</summary>
    public byte Op => _packet[0];

    /// <summary>Hardware type: 1 for Ethernet.</summary>
    public byte HType => _packet[Dhcpv4Layout.HType];

    /// <summary>Relays that the message came through.</summary>
    public byte Hops => _packet[Dhcpv4Layout.Hops];

    /// <summary>Transaction id.</summary>
    public uint Xid => Read32(Dhcpv4Layout.Xid);

    /// <summary>Seconds since the client began.</summary>
    public ushort Secs => BinaryPrimitives.ReadUInt16BigEndian(_packet[Dhcpv4Layout.Secs..]);

    /// <summary>Flags; the highest bit asks for broadcast.</summary>
    public ushort Flags => BinaryPrimitives.ReadUInt16BigEndian(_packet[Dhcpv4Layout.Flags..]);

    /// <summary>The address that the client has, in host order.</summary>
    public uint CiAddr => Read32(Dhcpv4Layout.CiAddr);

    /// <summary>The client's address as the server gives it.</summary>
    public uint YiAddr => Read32(Dhcpv4Layout.YiAddr);

    /// <summary>The next server's address.</summary>
    public uint SiAddr => Read32(Dhcpv4Layout.SiAddr);

    /// <summary>The relay's address.</summary>
    public uint GiAddr => Read32(Dhcpv4Layout.GiAddr);

    /// <summary>The client's hardware address, as long as it says.</summary>
    public ReadOnlySpan<byte> ChAddr => _packet.Slice(Dhcpv4Layout.ChAddr, _packet[Dhcpv4Layout.HLen]);

    /// <summary>The field <c>sname</c>, whatever is in it.</summary>
    public ReadOnlySpan<byte> SName => _packet.Slice(Dhcpv4Layout.SName, Dhcpv4Layout.SNameLength);

    /// <summary>The field <c>file</c>, whatever is in it.</summary>
    public ReadOnlySpan<byte> File => _packet.Slice(Dhcpv4Layout.File, Dhcpv4Layout.FileLength);

    /// <summary>The header, to begin a reply from.</summary>
    public ReadOnlySpan<byte> Header => _packet[..Dhcpv4Layout.SName];

    /// <summary>The message type (option 53).</summary>
    public Dhcpv4MessageType MessageType => TryGet(Dhcpv4OptionCode.MessageType, out var value) && value.Length == 1 ? (Dhcpv4MessageType)value[0] : default;

    /// <summary>The client's hardware address in a message that was taken apart before.</summary>
    public static ReadOnlySpan<byte> HardwareAddress(ReadOnlySpan<byte> packet) => packet.Slice(Dhcpv4Layout.ChAddr, packet[Dhcpv4Layout.HLen]);

    /// <summary>Takes a message apart.</summary>
    /// <param name="packet">The UDP payload.</param>
    /// <param name="workspace">Memory of <see cref="WorkspaceSize"/> octets; whatever is in it is overwritten.</param>
    /// <param name="reader">The message.</param>
    /// <returns>False for what is no DHCP message: too short, another cookie, an option longer than what is left.</returns>
    public static bool TryRead(ReadOnlySpan<byte> packet, Span<byte> workspace, out Dhcpv4Reader reader)
    {
        reader = new(packet, workspace);
        if (packet.Length < Dhcpv4Layout.Options
            || BinaryPrimitives.ReadUInt32BigEndian(packet[Dhcpv4Layout.Cookie..]) != Dhcpv4Layout.CookieValue
            || packet[Dhcpv4Layout.HLen] > Dhcpv4Layout.ChAddrLength
            || !reader.Index(Dhcpv4Layout.Options, packet.Length))
        {
            return false;
        }

        if (reader.TryGet(Dhcpv4OptionCode.OptionOverload, out var overload))
        {
            if (overload.Length != 1 || overload[0] is < OverloadFile or > (OverloadFile | OverloadSName))
            {
                return false;
            }

            // First file, then sname (RFC 2131 section 4.1).
            var fields = overload[0];
            return ((fields & OverloadFile) == 0 || reader.Index(Dhcpv4Layout.File, Dhcpv4Layout.Cookie))
                && ((fields & OverloadSName) == 0 || reader.Index(Dhcpv4Layout.SName, Dhcpv4Layout.File));
        }

        return true;
    }

    /// <summary>Whether an option is there.</summary>
    public bool Has(byte code) => Offset(code) != 0;

    /// <summary>An option's value, put together where it came in parts; false where there is none, or no scratch memory is left for it.</summary>
    public bool TryGet(byte code, out ReadOnlySpan<byte> value)
    {
        var offset = Offset(code);
        var length = Length(code);
        if ((length & Split) != 0)
        {
            return TryJoin(code, out value);
        }

        value = offset == 0 ? default : _packet.Slice(offset, length);
        return offset != 0;
    }

    /// <summary>An option of four octets as a number in host order: an address, a time.</summary>
    public bool TryGetUInt32(byte code, out uint value)
    {
        var isThere = TryGet(code, out var octets) && octets.Length == sizeof(uint);
        value = isThere ? BinaryPrimitives.ReadUInt32BigEndian(octets) : 0;
        return isThere;
    }

    private uint Read32(int offset) => BinaryPrimitives.ReadUInt32BigEndian(_packet[offset..]);

    private bool Index(int start, int end)
    {
        for (var position = start; position < end;)
        {
            var code = _packet[position++];
            if (code == Dhcpv4OptionCode.Pad)
            {
                continue;
            }

            if (code == Dhcpv4OptionCode.End)
            {
                return true;
            }

            if (position == end || position + 1 + _packet[position] > end)
            {
                return false;
            }

            var length = _packet[position++];
            if (Offset(code) == 0)
            {
                Offset(code) = (ushort)position;
                Length(code) = length;
            }
            else
            {
                Length(code) |= Split;
            }

            position += length;
        }

        return true;
    }

    private bool TryJoin(byte code, out ReadOnlySpan<byte> value)
    {
        value = default;
        ref var used = ref _index[^1];
        var length = 0;
        var room = _scratch[used..];
        var fields = code != Dhcpv4OptionCode.OptionOverload && TryGet(Dhcpv4OptionCode.OptionOverload, out var overload) && !overload.IsEmpty
            ? overload[0]
            : 0;
        if (!Join(code, Dhcpv4Layout.Options, _packet.Length, room, ref length)
            || ((fields & OverloadFile) != 0 && !Join(code, Dhcpv4Layout.File, Dhcpv4Layout.Cookie, room, ref length))
            || ((fields & OverloadSName) != 0 && !Join(code, Dhcpv4Layout.SName, Dhcpv4Layout.File, room, ref length)))
        {
            return false;
        }

        value = room[..length];
        used += (ushort)length;
        return true;
    }

    private bool Join(byte code, int start, int end, Span<byte> room, ref int joined)
    {
        for (var position = start; position < end && _packet[position] != Dhcpv4OptionCode.End;)
        {
            var found = _packet[position++];
            if (found == Dhcpv4OptionCode.Pad)
            {
                continue;
            }

            var part = _packet.Slice(position + 1, _packet[position]);
            if (found == code)
            {
                if (!part.TryCopyTo(room[joined..]))
                {
                    return false;
                }

                joined += part.Length;
            }

            position += 1 + part.Length;
        }

        return true;
    }

    private ref ushort Offset(byte code) => ref _index[code];

    private ref ushort Length(byte code) => ref _index[byte.MaxValue + 1 + code];
}

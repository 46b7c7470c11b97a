using System.Buffers.Binary;

namespace DhcpHost.Dhcp.V4;

/// <summary>
/// Writes a DHCPv4 message into a buffer. Options longer than 255 octets are sent in parts (RFC 3396); when the client's limit is reached, options
/// go on in <c>file</c> and <c>sname</c> where those are free (option 52).
/// </summary>
public ref struct Dhcpv4Writer
{
    /// <summary>The longest message that every client takes, without IP and UDP headers (RFC 2131 section 2).</summary>
    public const int DefaultMaxLength = 576 - HeadersLength;

    /// <summary>Octets of an IP header without options and of a UDP header.</summary>
    public const int HeadersLength = 28;

    /// <summary>Shorter messages are filled up: BOOTP's relays and old clients drop them (RFC 1542 section 2.1).</summary>
    public const int MinLength = 300;

    private const int MaxPart = byte.MaxValue;
    private const int OverloadLength = 3;
    private const byte OverloadFile = 1;
    private const byte OverloadSName = 2;

    private readonly Span<byte> _buffer;
    private readonly int _end;
    private int _position = Dhcpv4Layout.Options;
    private int _filePosition = Dhcpv4Layout.File;
    private int _snamePosition = Dhcpv4Layout.SName;
    private bool _hasFile;
    private bool _hasSName;

    /// <summary>Begins a message.</summary>
    /// <param name="buffer">At least <see cref="MinLength"/> octets.</param>
    /// <param name="op">1 for a request, 2 for a reply.</param>
    /// <param name="request">The message that is answered, whose hardware type and address, transaction, flags and relay are
    /// taken over; empty for none.</param>
    /// <param name="maxLength">Octets that the message may have.</param>
    public Dhcpv4Writer(Span<byte> buffer, byte op, scoped ReadOnlySpan<byte> request, int maxLength = DefaultMaxLength)
    {
        _buffer = buffer;
        _end = Math.Clamp(maxLength, MinLength, buffer.Length);
        buffer[.._end].Clear();
        if (!request.IsEmpty)
        {
            request[..Dhcpv4Layout.Secs].CopyTo(buffer);
            request.Slice(Dhcpv4Layout.Flags, 2).CopyTo(buffer[Dhcpv4Layout.Flags..]);
            request.Slice(Dhcpv4Layout.GiAddr, 4 + Dhcpv4Layout.ChAddrLength).CopyTo(buffer[Dhcpv4Layout.GiAddr..]);
            buffer[Dhcpv4Layout.Hops] = 0;
        }

        buffer[0] = op;
        BinaryPrimitives.WriteUInt32BigEndian(buffer[Dhcpv4Layout.Cookie..], Dhcpv4Layout.CookieValue);
    }

    /// <summary>Sets the flags.</summary>
    public readonly ushort Flags
    {
        set => BinaryPrimitives.WriteUInt16BigEndian(_buffer[Dhcpv4Layout.Flags..], value);
    }

    /// <summary>Sets the address that the client has.</summary>
    public readonly uint CiAddr
    {
        set => BinaryPrimitives.WriteUInt32BigEndian(_buffer[Dhcpv4Layout.CiAddr..], value);
    }

    /// <summary>Sets the client's address.</summary>
    public readonly uint YiAddr
    {
        set => BinaryPrimitives.WriteUInt32BigEndian(_buffer[Dhcpv4Layout.YiAddr..], value);
    }

    /// <summary>Sets the next server.</summary>
    public readonly uint SiAddr
    {
        set => BinaryPrimitives.WriteUInt32BigEndian(_buffer[Dhcpv4Layout.SiAddr..], value);
    }

    /// <summary>Sets the server's name; no options go there then. False where it is longer than 63 octets.</summary>
    public bool TrySetSName(scoped ReadOnlySpan<byte> name) => _hasSName = Copy(name, Dhcpv4Layout.SName, Dhcpv4Layout.SNameLength);

    /// <summary>Sets the boot file; no options go there then. False where it is longer than 127 octets.</summary>
    public bool TrySetFile(scoped ReadOnlySpan<byte> name) => _hasFile = Copy(name, Dhcpv4Layout.File, Dhcpv4Layout.FileLength);

    /// <summary>Adds an option. False where there is no room for it; the message is as it was.</summary>
    public bool TryAdd(byte code, scoped ReadOnlySpan<byte> value)
    {
        // An end, and the option that tells of the overload, always have room.
        return TryAdd(code, value, ref _position, _end - OverloadLength - 1)
            || (!_hasFile && TryAdd(code, value, ref _filePosition, Dhcpv4Layout.Cookie - 1))
            || (!_hasSName && TryAdd(code, value, ref _snamePosition, Dhcpv4Layout.File - 1));
    }

    /// <summary>Adds an option of one octet.</summary>
    public bool TryAdd(byte code, byte value) => TryAdd(code, [value]);

    /// <summary>Adds an option of four octets.</summary>
    public bool TryAdd(byte code, uint value)
    {
        Span<byte> octets = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(octets, value);
        return TryAdd(code, octets);
    }

    /// <summary>Ends the message.</summary>
    /// <returns>Its length.</returns>
    public int Finish()
    {
        var overload = (_filePosition > Dhcpv4Layout.File ? OverloadFile : 0) | (_snamePosition > Dhcpv4Layout.SName ? OverloadSName : 0);
        if (overload != 0)
        {
            _buffer[_position++] = Dhcpv4OptionCode.OptionOverload;
            _buffer[_position++] = 1;
            _buffer[_position++] = (byte)overload;
            if ((overload & OverloadFile) != 0)
            {
                _buffer[_filePosition] = Dhcpv4OptionCode.End;
            }

            if ((overload & OverloadSName) != 0)
            {
                _buffer[_snamePosition] = Dhcpv4OptionCode.End;
            }
        }

        _buffer[_position++] = Dhcpv4OptionCode.End;
        return Math.Max(_position, MinLength);
    }

    private readonly bool TryAdd(byte code, scoped ReadOnlySpan<byte> value, ref int position, int end)
    {
        var parts = Math.Max(1, (value.Length + MaxPart - 1) / MaxPart);
        if (position + value.Length + (2 * parts) > end)
        {
            return false;
        }

        for (var i = 0; i < parts; i++)
        {
            var part = value[(i * MaxPart)..Math.Min(value.Length, (i + 1) * MaxPart)];
            _buffer[position++] = code;
            _buffer[position++] = (byte)part.Length;
            part.CopyTo(_buffer[position..]);
            position += part.Length;
        }

        return true;
    }

    private readonly bool Copy(scoped ReadOnlySpan<byte> text, int offset, int length)
    {
        if (text.IsEmpty || text.Length >= length)
        {
            return false;
        }

        text.CopyTo(_buffer[offset..]);
        return true;
    }
}

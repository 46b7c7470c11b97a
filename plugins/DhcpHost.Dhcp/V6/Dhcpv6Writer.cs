using System.Buffers.Binary;
using System.Text;

namespace DhcpHost.Dhcp.V6;

/// <summary>
/// Writes a message into a buffer of the caller's. What does not fit makes <see cref="HasFailed"/> true and writes no more: a
/// message is sent whole or not at all.
/// </summary>
/// <param name="buffer">Where to write.</param>
public ref struct Dhcpv6Writer(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Something did not fit.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Writes the head of a client's or server's message.</summary>
    public void WriteHeader(Dhcpv6MessageType type, uint transactionId) => WriteUInt32(((uint)type << 24) | (transactionId & 0xFFFFFF));

    /// <summary>Writes the head of a relay agent's message.</summary>
    public void WriteRelayHeader(Dhcpv6MessageType type, byte hopCount, scoped ReadOnlySpan<byte> linkAddress, scoped ReadOnlySpan<byte> peerAddress)
    {
        WriteBytes([(byte)type, hopCount]);
        WriteBytes(linkAddress);
        WriteBytes(peerAddress);
    }

    /// <summary>Begins an option whose content follows.</summary>
    /// <returns>What <see cref="EndOption"/> needs.</returns>
    public int BeginOption(Dhcpv6OptionCode code)
    {
        WriteUInt16((ushort)code);
        WriteUInt16(0);
        return Length;
    }

    /// <summary>Ends an option: writes its length.</summary>
    public void EndOption(int start)
    {
        var length = Length - start;
        if (HasFailed || length > ushort.MaxValue)
        {
            HasFailed = true;
            return;
        }

        BinaryPrimitives.WriteUInt16BigEndian(_buffer[(start - 2)..], (ushort)length);
    }

    /// <summary>Writes a whole option.</summary>
    public void WriteOption(Dhcpv6OptionCode code, scoped ReadOnlySpan<byte> data)
    {
        var start = BeginOption(code);
        WriteBytes(data);
        EndOption(start);
    }

    /// <summary>Writes a status (RFC 8415 section 21.13).</summary>
    public void WriteStatus(Dhcpv6Status status, string message)
    {
        var start = BeginOption(Dhcpv6OptionCode.StatusCode);
        WriteUInt16((ushort)status);
        var room = HasFailed ? default : _buffer[Length..];
        if (Encoding.UTF8.TryGetBytes(message, room, out var written))
        {
            Length += written;
        }
        else
        {
            HasFailed = true;
        }

        EndOption(start);
    }

    /// <summary>Writes an address with its lifetimes in seconds (RFC 8415 section 21.6).</summary>
    public void WriteAddress(scoped ReadOnlySpan<byte> address, uint preferredLifetime, uint validLifetime)
    {
        var start = BeginOption(Dhcpv6OptionCode.IaAddress);
        WriteBytes(address);
        WriteUInt32(preferredLifetime);
        WriteUInt32(validLifetime);
        EndOption(start);
    }

    /// <summary>Begins an IA_NA or IA_PD (RFC 8415 sections 21.4 and 21.21).</summary>
    public int BeginAssociation(Dhcpv6OptionCode code, uint iaid, uint renewal, uint rebinding)
    {
        var start = BeginOption(code);
        WriteUInt32(iaid);
        if (code != Dhcpv6OptionCode.IaTa)
        {
            WriteUInt32(renewal);
            WriteUInt32(rebinding);
        }

        return start;
    }

    /// <summary>Writes two bytes.</summary>
    public void WriteUInt16(ushort value)
    {
        if (Reserve(2) is { IsEmpty: false } room)
        {
            BinaryPrimitives.WriteUInt16BigEndian(room, value);
        }
    }

    /// <summary>Writes four bytes.</summary>
    public void WriteUInt32(uint value)
    {
        if (Reserve(4) is { IsEmpty: false } room)
        {
            BinaryPrimitives.WriteUInt32BigEndian(room, value);
        }
    }

    /// <summary>Writes bytes as they are.</summary>
    public void WriteBytes(scoped ReadOnlySpan<byte> bytes)
    {
        var room = Reserve(bytes.Length);
        if (!HasFailed)
        {
            bytes.CopyTo(room);
        }
    }

    private Span<byte> Reserve(int count)
    {
        if (HasFailed || _buffer.Length - Length < count)
        {
            HasFailed = true;
            return default;
        }

        var room = _buffer.Slice(Length, count);
        Length += count;
        return room;
    }
}

using System.Buffers.Binary;

namespace DhcpHost.Dhcp.V6;

/// <summary>A message between a client and a server (RFC 8415 section 8), read in place.</summary>
public readonly ref struct DhcpV6Message
{
    /// <summary>The bytes before the options.</summary>
    public const int HeaderLength = 4;

    private DhcpV6Message(DhcpV6MessageType type, uint transactionId, DhcpV6Options options)
    {
        Type = type;
        TransactionId = transactionId;
        Options = options;
    }

    /// <summary>Its kind.</summary>
    public DhcpV6MessageType Type { get; }

    /// <summary>Its transaction id: 24 bits.</summary>
    public uint TransactionId { get; }

    /// <summary>Its options.</summary>
    public DhcpV6Options Options { get; }

    /// <summary>Reads one; false where the bytes are none: too short, an option that runs over the end, or a relay agent's message.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out DhcpV6Message message)
    {
        message = default;
        if (bytes.Length < HeaderLength
            || (DhcpV6MessageType)bytes[0] is DhcpV6MessageType.None or DhcpV6MessageType.RelayForward or DhcpV6MessageType.RelayReply
            || !DhcpV6Options.TryParse(bytes[HeaderLength..], out var options))
        {
            return false;
        }

        message = new((DhcpV6MessageType)bytes[0], BinaryPrimitives.ReadUInt32BigEndian(bytes) & 0xFFFFFF, options);
        return true;
    }
}

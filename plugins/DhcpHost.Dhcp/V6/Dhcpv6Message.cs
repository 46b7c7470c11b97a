using System.Buffers.Binary;

namespace DhcpHost.Dhcp.V6;

/// <summary>A message between a client and a server (RFC 8415 section 8), read in place.</summary>
public readonly ref struct Dhcpv6Message
{
    /// <summary>The bytes before the options.</summary>
    public const int HeaderLength = 4;

    private Dhcpv6Message(Dhcpv6MessageType type, uint transactionId, Dhcpv6Options options)
    {
        Type = type;
        TransactionId = transactionId;
        Options = options;
    }

    /// <summary>Its kind.</summary>
    public Dhcpv6MessageType Type { get; }

    /// <summary>Its transaction id: 24 bits.</summary>
    public uint TransactionId { get; }

    /// <summary>Its options.</summary>
    public Dhcpv6Options Options { get; }

    /// <summary>Reads one; false where the bytes are none: too short, an option that runs over the end, or a relay agent's message.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out Dhcpv6Message message)
    {
        message = default;
        if (bytes.Length < HeaderLength
            || (Dhcpv6MessageType)bytes[0] is Dhcpv6MessageType.None or Dhcpv6MessageType.RelayForward or Dhcpv6MessageType.RelayReply
            || !Dhcpv6Options.TryParse(bytes[HeaderLength..], out var options))
        {
            return false;
        }

        message = new((Dhcpv6MessageType)bytes[0], BinaryPrimitives.ReadUInt32BigEndian(bytes) & 0xFFFFFF, options);
        return true;
    }
}

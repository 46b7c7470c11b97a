namespace DhcpHost.Dhcp.V6;

/// <summary>A message between a relay agent and a server (RFC 8415 section 9), read in place.</summary>
public readonly ref struct Dhcpv6RelayMessage
{
    /// <summary>The bytes before the options.</summary>
    public const int HeaderLength = 34;

    private readonly ReadOnlySpan<byte> _header;

    private Dhcpv6RelayMessage(ReadOnlySpan<byte> header, Dhcpv6Options options, ReadOnlySpan<byte> relayed)
    {
        _header = header;
        Options = options;
        Relayed = relayed;
    }

    /// <summary>Its kind.</summary>
    public Dhcpv6MessageType Type => (Dhcpv6MessageType)_header[0];

    /// <summary>The relay agents that it passed before.</summary>
    public byte HopCount => _header[1];

    /// <summary>An address of the client's link, 16 bytes; unspecified where the relay agent tells the link by Interface-Id alone.</summary>
    public ReadOnlySpan<byte> LinkAddress => _header.Slice(2, 16);

    /// <summary>Whom the relay agent got it from, 16 bytes.</summary>
    public ReadOnlySpan<byte> PeerAddress => _header.Slice(18, 16);

    /// <summary>Its options.</summary>
    public Dhcpv6Options Options { get; }

    /// <summary>The message in it.</summary>
    public ReadOnlySpan<byte> Relayed { get; }

    /// <summary>Reads one; false where the bytes are none, or no message is in it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out Dhcpv6RelayMessage message)
    {
        message = default;
        if (bytes.Length < HeaderLength
            || (Dhcpv6MessageType)bytes[0] is not (Dhcpv6MessageType.RelayForward or Dhcpv6MessageType.RelayReply)
            || !Dhcpv6Options.TryParse(bytes[HeaderLength..], out var options)
            || !options.TryFind(Dhcpv6OptionCode.RelayMessage, out var relayed))
        {
            return false;
        }

        message = new(bytes[..HeaderLength], options, relayed);
        return true;
    }
}

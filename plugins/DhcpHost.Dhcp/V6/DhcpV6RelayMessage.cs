namespace DhcpHost.Dhcp.V6;

/// <summary>A message between a relay agent and a server (RFC 8415 section 9), read in place.</summary>
public readonly ref struct DhcpV6RelayMessage
{
    /// <summary>The bytes before the options.</summary>
    public const int HeaderLength = 34;

    private readonly ReadOnlySpan<byte> _header;

    private DhcpV6RelayMessage(ReadOnlySpan<byte> header, DhcpV6Options options, ReadOnlySpan<byte> relayed)
    {
        _header = header;
        Options = options;
        Relayed = relayed;
    }

    /// <summary>Its kind.</summary>
    public DhcpV6MessageType Type => (DhcpV6MessageType)_header[0];

    /// <summary>The relay agents that it passed before.</summary>
    public byte HopCount => _header[1];

    /// <summary>An address of the client's link, 16 bytes; unspecified where the relay agent tells the link by Interface-Id alone.</summary>
    public ReadOnlySpan<byte> LinkAddress => _header.Slice(2, 16);

    /// <summary>Whom the relay agent got it from, 16 bytes.</summary>
    public ReadOnlySpan<byte> PeerAddress => _header.Slice(18, 16);

    /// <summary>Its options.</summary>
    public DhcpV6Options Options { get; }

    /// <summary>The message in it.</summary>
    public ReadOnlySpan<byte> Relayed { get; }

    /// <summary>Reads one; false where the bytes are none, or no message is in it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out DhcpV6RelayMessage message)
    {
        message = default;
        if (bytes.Length < HeaderLength
            || (DhcpV6MessageType)bytes[0] is not (DhcpV6MessageType.RelayForward or DhcpV6MessageType.RelayReply)
            || !DhcpV6Options.TryParse(bytes[HeaderLength..], out var options)
            || !options.TryFind(DhcpV6OptionCode.RelayMessage, out var relayed))
        {
            return false;
        }

        message = new(bytes[..HeaderLength], options, relayed);
        return true;
    }
}

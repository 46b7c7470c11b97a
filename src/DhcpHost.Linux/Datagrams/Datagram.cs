namespace DhcpHost.Linux.Datagrams;

/// <summary>A datagram as it was received; valid until the handler returns.</summary>
public readonly ref struct Datagram
{
    /// <summary>What it carries: the payload of UDP, the ICMP or ICMPv6 message from its type on, the ARP packet.</summary>
    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Who sent it: 4 or 16 octets; for ARP the hardware address.</summary>
    public ReadOnlySpan<byte> Source { get; init; }

    /// <summary>The sender's hardware address, where the kind tells it.</summary>
    public ReadOnlySpan<byte> Hardware { get; init; }

    /// <summary>The sender's UDP port.</summary>
    public ushort SourcePort { get; init; }

    /// <summary>The address that it was sent to: 4 or 16 octets; empty for ARP.</summary>
    public ReadOnlySpan<byte> Destination { get; init; }

    /// <summary>The hop limit that it arrived with; 0 where the kind does not tell.</summary>
    public byte HopLimit { get; init; }
}

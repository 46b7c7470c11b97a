using System.Net;

namespace DhcpHost.Linux.Datagrams;

/// <summary>A socket on one link of a namespace.</summary>
/// <param name="Kind">What it carries.</param>
/// <param name="Port">The UDP port that it is bound to; 0 for what has none. No other socket may have it: nothing is shared.</param>
public sealed record DatagramSocketSpec(DatagramKind Kind, ushort Port = 0)
{
    /// <summary>IPv6 multicast groups that it joins on the link.</summary>
    public IReadOnlyList<IPAddress> Groups { get; init; } = [];

    /// <summary>The types of ICMPv6 that it receives (RFC 4861 section 13); of all others the kernel keeps it free.</summary>
    public IReadOnlyList<byte> Icmp6Types { get; init; } = [];

    /// <summary>Bytes of datagrams that may wait in the kernel; default 1 MiB, about a thousand.</summary>
    public int ReceiveBuffer { get; init; } = 1 << 20;
}

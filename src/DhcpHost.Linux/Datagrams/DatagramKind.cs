namespace DhcpHost.Linux.Datagrams;

/// <summary>What a <see cref="DatagramSocket"/> receives and sends.</summary>
public enum DatagramKind
{
    /// <summary>UDP over IPv4; may broadcast; tells the address that a datagram was sent to.</summary>
    Udp4,

    /// <summary>UDP over IPv6 alone; tells the address that a datagram was sent to.</summary>
    Udp6,

    /// <summary>Echo replies of ICMP (RFC 792), from the type on; sends whole messages, checksum included.</summary>
    Icmp4,

    /// <summary>
    /// ICMPv6 of the types in <see cref="DatagramSocketSpec.Icmp6Types"/>, with its own checksum from the kernel; sends with hop limit 255.
    /// </summary>
    Icmp6,

    /// <summary>Sends UDP over IPv4 to a hardware address, whatever ARP knows (packet(7)); receives nothing.</summary>
    Frame4,

    /// <summary>
    /// Receives UDP over IPv6 to a port as the link brings it (packet(7)), and so tells the sender's hardware address; sends nothing. A <see cref="Udp6"/>
    /// socket of the same port belongs beside it: it joins the groups, and without it the kernel tells senders that nobody listens.
    /// </summary>
    Frame6,

    /// <summary>ARP packets that are for this link's broadcast or own hardware address.</summary>
    Arp,

    /// <summary>Tells when the link goes (rtnetlink(7)); carries no datagrams.</summary>
    LinkEvents,
}

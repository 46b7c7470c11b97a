namespace DhcpHost.Plugin.InProcess.V4;

/// <summary>How a reply is sent (RFC 2131 section 4.1).</summary>
internal enum Dhcpv4Path
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By UDP, to a client that has its address, to a relay, or to all.</summary>
    Udp,

    /// <summary>To the client's hardware address: it cannot answer ARP yet.</summary>
    Frame,
}

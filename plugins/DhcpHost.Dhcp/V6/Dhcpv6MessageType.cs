namespace DhcpHost.Dhcp.V6;

/// <summary>The kinds of DHCPv6 messages (RFC 8415 section 7.3).</summary>
public enum Dhcpv6MessageType : byte
{
    /// <summary>No message.</summary>
    None = 0,

    /// <summary>A client looks for servers.</summary>
    Solicit = 1,

    /// <summary>A server answers a Solicit.</summary>
    Advertise = 2,

    /// <summary>A client asks one server for addresses.</summary>
    Request = 3,

    /// <summary>A client asks whether its addresses fit the link that it is on now.</summary>
    Confirm = 4,

    /// <summary>A client asks the server that gave its addresses for more time.</summary>
    Renew = 5,

    /// <summary>A client asks any server for more time.</summary>
    Rebind = 6,

    /// <summary>A server answers.</summary>
    Reply = 7,

    /// <summary>A client gives addresses back.</summary>
    Release = 8,

    /// <summary>A client found that somebody else uses its addresses.</summary>
    Decline = 9,

    /// <summary>A server tells a client to ask again.</summary>
    Reconfigure = 10,

    /// <summary>A client asks for options alone.</summary>
    InformationRequest = 11,

    /// <summary>A relay agent carries a message to a server.</summary>
    RelayForward = 12,

    /// <summary>A server answers through a relay agent.</summary>
    RelayReply = 13,
}

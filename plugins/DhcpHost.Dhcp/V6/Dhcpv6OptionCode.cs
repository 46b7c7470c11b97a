namespace DhcpHost.Dhcp.V6;

/// <summary>Option codes of DHCPv6 that mean something to a server (IANA, "DHCPv6 Option Codes").</summary>
public enum Dhcpv6OptionCode : ushort
{
    /// <summary>RFC 8415 section 21.2.</summary>
    ClientId = 1,

    /// <summary>RFC 8415 section 21.3.</summary>
    ServerId = 2,

    /// <summary>RFC 8415 section 21.4: an association of non-temporary addresses.</summary>
    IaNa = 3,

    /// <summary>RFC 8415 section 21.5: an association of temporary addresses.</summary>
    IaTa = 4,

    /// <summary>RFC 8415 section 21.6.</summary>
    IaAddress = 5,

    /// <summary>RFC 8415 section 21.7: the codes that a client asks for.</summary>
    OptionRequest = 6,

    /// <summary>RFC 8415 section 21.8.</summary>
    Preference = 7,

    /// <summary>RFC 8415 section 21.9.</summary>
    ElapsedTime = 8,

    /// <summary>RFC 8415 section 21.10.</summary>
    RelayMessage = 9,

    /// <summary>RFC 8415 section 21.13.</summary>
    StatusCode = 13,

    /// <summary>RFC 8415 section 21.14.</summary>
    RapidCommit = 14,

    /// <summary>RFC 8415 section 21.15.</summary>
    UserClass = 15,

    /// <summary>RFC 8415 section 21.16.</summary>
    VendorClass = 16,

    /// <summary>RFC 8415 section 21.18.</summary>
    InterfaceId = 18,

    /// <summary>RFC 3646.</summary>
    DnsServers = 23,

    /// <summary>RFC 3646.</summary>
    DomainList = 24,

    /// <summary>RFC 8415 section 21.21: an association of delegated prefixes.</summary>
    IaPd = 25,

    /// <summary>RFC 8415 section 21.22.</summary>
    IaPrefix = 26,

    /// <summary>RFC 8415 section 21.23.</summary>
    InformationRefreshTime = 32,

    /// <summary>RFC 4704.</summary>
    ClientFqdn = 39,

    /// <summary>RFC 5970.</summary>
    BootFileUrl = 59,

    /// <summary>RFC 5970.</summary>
    ClientArchitecture = 61,

    /// <summary>RFC 6939: a relay agent tells the client's link-layer address.</summary>
    ClientLinkLayerAddress = 79,

    /// <summary>RFC 8415 section 21.24.</summary>
    SolicitMaximumRetransmission = 82,
}

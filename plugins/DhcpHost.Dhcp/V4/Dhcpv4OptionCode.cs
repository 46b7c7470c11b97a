namespace DhcpHost.Dhcp.V4;

/// <summary>Options that a server itself reads or writes (RFC 2132 and the RFCs named).</summary>
public static class Dhcpv4OptionCode
{
    /// <summary>Pad.</summary>
    public const byte Pad = 0;

    /// <summary>Subnet mask.</summary>
    public const byte SubnetMask = 1;

    /// <summary>Routers.</summary>
    public const byte Router = 3;

    /// <summary>Domain name servers.</summary>
    public const byte DomainNameServer = 6;

    /// <summary>The client's host name.</summary>
    public const byte HostName = 12;

    /// <summary>Domain name.</summary>
    public const byte DomainName = 15;

    /// <summary>Interface MTU.</summary>
    public const byte InterfaceMtu = 26;

    /// <summary>Broadcast address.</summary>
    public const byte BroadcastAddress = 28;

    /// <summary>The address that a client asks for.</summary>
    public const byte RequestedIpAddress = 50;

    /// <summary>Lease time, in seconds.</summary>
    public const byte LeaseTime = 51;

    /// <summary>Options go on in the fields <c>file</c> (1), <c>sname</c> (2) or both (3).</summary>
    public const byte OptionOverload = 52;

    /// <summary>Message type.</summary>
    public const byte MessageType = 53;

    /// <summary>The server's identifier: an address of it.</summary>
    public const byte ServerIdentifier = 54;

    /// <summary>The options that a client asks for.</summary>
    public const byte ParameterRequestList = 55;

    /// <summary>An error message.</summary>
    public const byte Message = 56;

    /// <summary>The longest message that a client takes, IP and UDP headers included.</summary>
    public const byte MaximumMessageSize = 57;

    /// <summary>T1, in seconds.</summary>
    public const byte RenewalTime = 58;

    /// <summary>T2, in seconds.</summary>
    public const byte RebindingTime = 59;

    /// <summary>Vendor class.</summary>
    public const byte VendorClass = 60;

    /// <summary>Client identifier (also RFC 4361 and RFC 6842).</summary>
    public const byte ClientIdentifier = 61;

    /// <summary>TFTP server's name.</summary>
    public const byte TftpServerName = 66;

    /// <summary>Boot file's name.</summary>
    public const byte BootFileName = 67;

    /// <summary>User class (RFC 3004).</summary>
    public const byte UserClass = 77;

    /// <summary>Relay agent information (RFC 3046).</summary>
    public const byte RelayAgentInformation = 82;

    /// <summary>The client's architecture (RFC 4578).</summary>
    public const byte ClientArchitecture = 93;

    /// <summary>Subnet selection (RFC 3011).</summary>
    public const byte SubnetSelection = 118;

    /// <summary>Domain search list (RFC 3397).</summary>
    public const byte DomainSearch = 119;

    /// <summary>SIP servers (RFC 3361).</summary>
    public const byte SipServers = 120;

    /// <summary>Classless static routes (RFC 3442).</summary>
    public const byte ClasslessStaticRoute = 121;

    /// <summary>What only iPXE sends (Etherboot's encapsulated options).</summary>
    public const byte IPxe = 175;

    /// <summary>Classless static routes by the number that Windows asked for before RFC 3442.</summary>
    public const byte MicrosoftClasslessStaticRoute = 249;

    /// <summary>End.</summary>
    public const byte End = 255;
}

namespace DhcpHost.Dhcp.V6;

/// <summary>Status codes (RFC 8415 section 21.13).</summary>
public enum Dhcpv6Status : ushort
{
    /// <summary>It was done.</summary>
    Success = 0,

    /// <summary>It failed for a reason that has no code.</summary>
    UnspecifiedFailure = 1,

    /// <summary>There is no address to give.</summary>
    NoAddressesAvailable = 2,

    /// <summary>The server knows of no such association.</summary>
    NoBinding = 3,

    /// <summary>The address does not fit the link.</summary>
    NotOnLink = 4,

    /// <summary>The client is to send to the multicast address.</summary>
    UseMulticast = 5,

    /// <summary>There is no prefix to delegate.</summary>
    NoPrefixAvailable = 6,
}

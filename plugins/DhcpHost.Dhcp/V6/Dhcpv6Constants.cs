using System.Net;

namespace DhcpHost.Dhcp.V6;

/// <summary>Numbers of RFC 8415 section 7.</summary>
public static class Dhcpv6Constants
{
    /// <summary>The port that servers and relay agents listen on.</summary>
    public const int ServerPort = 547;

    /// <summary>The port that clients listen on.</summary>
    public const int ClientPort = 546;

    /// <summary>The relay agents that a message may pass (HOP_COUNT_LIMIT).</summary>
    public const int HopCountLimit = 8;

    /// <summary>The longest DUID with its type (section 11.1: 128 octets and the type code).</summary>
    public const int MaxDuidLength = 130;

    /// <summary>The shortest DUID with its type.</summary>
    public const int MinDuidLength = 3;

    /// <summary>Seconds that mean: no end (section 7.7).</summary>
    public const uint Infinity = uint.MaxValue;

    /// <summary>All_DHCP_Relay_Agents_and_Servers.</summary>
    public static IPAddress AllRelayAgentsAndServers { get; } = IPAddress.Parse("ff02::1:2");

    /// <summary>All_DHCP_Servers.</summary>
    public static IPAddress AllServers { get; } = IPAddress.Parse("ff05::1:3");
}

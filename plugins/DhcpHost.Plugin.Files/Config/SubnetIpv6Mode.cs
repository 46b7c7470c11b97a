namespace DhcpHost.Plugin.Files.Config;

/// <summary>How clients of an IPv6 subnet get their addresses.</summary>
public enum SubnetIpv6Mode
{
    /// <summary>Addresses and options by DHCPv6.</summary>
    Stateful,

    /// <summary>Addresses by SLAAC, options by DHCPv6.</summary>
    Stateless,

    /// <summary>All by router advertisements.</summary>
    Slaac,
}

namespace DhcpHost.Abstractions.Networks;

/// <summary>How clients of an IPv6 subnet get their addresses (Neutron's <c>ipv6_ra_mode</c> and <c>ipv6_address_mode</c>).</summary>
public enum IPv6Mode
{
    /// <summary>Unset. In Neutron: no DHCPv6 service unless both modes are unset on a subnet with DHCP enabled, which is then stateful.</summary>
    None,

    /// <summary>Addresses and options by DHCPv6 (RFC 8415).</summary>
    Dhcpv6Stateful,

    /// <summary>Addresses by SLAAC, options by DHCPv6.</summary>
    Dhcpv6Stateless,

    /// <summary>Addresses and options by router advertisements alone (RFC 4862).</summary>
    Slaac,
}

namespace DhcpHost.Abstractions.Networks;

/// <summary>A DHCP option that a port, a subnet or a network asks for beyond what the model carries (Neutron's <c>extra_dhcp_opts</c>).</summary>
/// <param name="Name">
/// An option's name as dnsmasq knows it (<c>bootfile-name</c>) or its number (<c>67</c>), at most 64 characters. A prefix <c>tag:x,</c> limits it
/// to clients that carry the tag.
/// </param>
/// <param name="Value">Its value as text, at most 255 characters; <c>null</c> or blank for an option without one.</param>
/// <param name="IpVersion">4 or 6: the protocol that carries it.</param>
public sealed record ExtraDhcpOption(string Name, string? Value, int IpVersion = 4);

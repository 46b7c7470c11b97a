using System.Net;

namespace DhcpHost.Abstractions.Networks;

/// <summary>The name of a port's address (Neutron's <c>dns_assignment</c>).</summary>
/// <param name="Hostname">The short name.</param>
/// <param name="Fqdn">The full name, with or without the final dot.</param>
/// <param name="Address">The address that it names.</param>
public sealed record DnsAssignment(string Hostname, string Fqdn, IPAddress Address);

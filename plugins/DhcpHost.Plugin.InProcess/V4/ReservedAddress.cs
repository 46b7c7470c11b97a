namespace DhcpHost.Plugin.InProcess.V4;

/// <summary>An address that belongs to a port.</summary>
/// <param name="Subnet">Where.</param>
/// <param name="Address">The address.</param>
/// <param name="Hostname">The name that its client is told.</param>
/// <param name="HostnameOctets">The same, as it is sent.</param>
internal sealed record ReservedAddress(Dhcpv4Subnet Subnet, uint Address, string Hostname, byte[] HostnameOctets);

namespace DhcpHost.Abstractions.Drivers;

/// <summary>Whether a driver can do its work here and now.</summary>
/// <param name="IsHealthy">It can.</param>
/// <param name="Message">What was found (<c>dnsmasq 2.90 at /usr/sbin/dnsmasq</c>), or what is missing and how to get it.</param>
public sealed record DriverHealth(bool IsHealthy, string Message);

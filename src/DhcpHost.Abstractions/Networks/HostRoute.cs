using System.Net;

namespace DhcpHost.Abstractions.Networks;

/// <summary>A route that clients of a subnet are told (RFC 3442, option 121).</summary>
/// <param name="Destination">Where it leads.</param>
/// <param name="NextHop">The router on the subnet; the unspecified address for a destination on the link.</param>
public sealed record HostRoute(IPNetwork Destination, IPAddress NextHop);

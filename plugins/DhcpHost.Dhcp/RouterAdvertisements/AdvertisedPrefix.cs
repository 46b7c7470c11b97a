using System.Net;

namespace DhcpHost.Dhcp.RouterAdvertisements;

/// <summary>A prefix that is on the link (RFC 4861 section 4.6.2).</summary>
/// <param name="Prefix">The prefix.</param>
/// <param name="IsAutonomous">Whether clients make addresses of their own in it (RFC 4862).</param>
/// <param name="ValidLifetime">Seconds that it is on the link for; <see cref="uint.MaxValue"/> for no end.</param>
/// <param name="PreferredLifetime">Seconds that addresses made in it are preferred for.</param>
public sealed record AdvertisedPrefix(IPNetwork Prefix, bool IsAutonomous, uint ValidLifetime, uint PreferredLifetime);

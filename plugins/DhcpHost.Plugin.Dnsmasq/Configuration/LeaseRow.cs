using System.Net;

namespace DhcpHost.Plugin.Dnsmasq.Configuration;

/// <summary>One line of dnsmasq's leases file.</summary>
/// <param name="Expires">Seconds since 1970; 0 for never.</param>
/// <param name="Owner">IPv4: the MAC address, after its hardware type and a hyphen where that is not Ethernet. IPv6: the IAID, after a <c>T</c> for a temporary address.</param>
/// <param name="Address">The address.</param>
/// <param name="Hostname">The client's name; <c>*</c> for none.</param>
/// <param name="ClientId">The client identifier or DUID as colon-separated hex; <c>*</c> for none.</param>
/// <param name="Line">The line itself, without its end.</param>
internal sealed record LeaseRow(long Expires, string Owner, IPAddress Address, string Hostname, string ClientId, string Line)
{
    /// <summary>Written by us for a reservation, so that a client that comes back is not refused; no client has confirmed it yet.</summary>
    public bool IsSeed => Expires == 0 && Hostname == "*" && ClientId == "*" && Address.IpVersion() == 4;
}

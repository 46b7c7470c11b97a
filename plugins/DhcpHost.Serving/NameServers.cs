using System.Net;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Serving;

/// <summary>Which name servers the clients of a subnet are told.</summary>
public static class NameServers
{
    /// <summary>
    /// Its own; an empty list where its one server is the unspecified address, which means: tell none; <c>null</c> where it leaves the choice
    /// to the DHCP server.
    /// </summary>
    public static IReadOnlyList<IPAddress>? Of(Subnet subnet)
    {
        ArgumentNullException.ThrowIfNull(subnet);
        return subnet.DnsNameservers.Count switch
        {
            0 => null,
            1 when subnet.DnsNameservers[0] is var only && (only.Equals(IPAddress.Any) || only.Equals(IPAddress.IPv6Any)) => [],
            _ => subnet.DnsNameservers,
        };
    }
}

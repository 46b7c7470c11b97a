using System.Globalization;
using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Serving;

namespace DhcpHost.Plugin.Dnsmasq.Configuration;

/// <summary>One line of dnsmasq's leases file.</summary>
/// <param name="Expires">Seconds since 1970; 0 for never.</param>
/// <param name="Owner">IPv4: the MAC address, after its hardware type and a hyphen where that is not Ethernet. IPv6: the IAID, after a <c>T</c>
/// for a temporary address.</param>
/// <param name="Address">The address.</param>
/// <param name="Hostname">The client's name; <c>*</c> for none.</param>
/// <param name="ClientId">The client identifier or DUID as colon-separated hex; <c>*</c> for none.</param>
/// <param name="Line">The line itself, without its end.</param>
internal sealed record LeaseRow(long Expires, string Owner, IPAddress Address, string Hostname, string ClientId, string Line)
{
    private const string None = "*";

    /// <summary>
    /// Written by us for a reservation, so that a client that comes back is not refused, and not confirmed by a client yet. dnsmasq
    /// gives it the reservation's name, so that, where leases have no end anyway, it may look like one of a client without an
    /// identifier: then only what has no name counts.
    /// </summary>
    /// <param name="leasesMayBeEndless">Whether the server gives leases without an end.</param>
    public bool IsSeed(bool leasesMayBeEndless) =>
        Expires == 0 && ClientId == None && Address.IpVersion() == 4 && (!leasesMayBeEndless || Hostname == None);

    /// <summary>The IPv4 client's MAC address, where it is an Ethernet one.</summary>
    public MacAddress? MacAddress =>
        Address.IpVersion() == 4 && Abstractions.Networks.MacAddress.TryParse(Owner, null, out var mac) ? mac : null;

    /// <summary>The identity association of DHCPv6.</summary>
    public uint? Iaid =>
        Address.IpVersion() == 6 && uint.TryParse(Owner.AsSpan().TrimStart('T'), NumberStyles.None, CultureInfo.InvariantCulture, out var iaid) ? iaid : null;

    /// <summary>A temporary address (IA_TA).</summary>
    public bool IsTemporary => Address.IpVersion() == 6 && Owner.StartsWith('T');

    /// <summary>The line of a lease; <c>null</c> where it says too little of its client for dnsmasq to know it again.</summary>
    public static string? TryWrite(Lease lease)
    {
        var isIPv6 = lease.Address.IpVersion() == 6;
        var owner = isIPv6 ? lease.Iaid?.ToString(CultureInfo.InvariantCulture) : lease.MacAddress?.ToString();
        var id = isIPv6 ? lease.Duid : lease.ClientId;
        if (owner is null || (isIPv6 && id is null) || (id is not null && !ClientIdGrammar.IsHex(id)))
        {
            return null;
        }

        var name = lease.Hostname is { } hostname && NameGrammar.FindHostnameFault(hostname) is null ? hostname : None;
        return string.Create(CultureInfo.InvariantCulture, $"{lease.ExpiresAt?.ToUnixTimeSeconds() ?? 0} {owner} {lease.Address} {name} {id ?? None}");
    }

    /// <summary>As the model has it.</summary>
    public Lease ToLease()
    {
        var isIPv6 = Address.IpVersion() == 6;
        var id = ClientId == None ? null : ClientId;
        return new()
        {
            Address = Address,
            MacAddress = MacAddress,
            Hostname = Hostname == None ? null : Hostname,
            ClientId = isIPv6 ? null : id,
            Duid = isIPv6 ? id : null,
            Iaid = Iaid,
            ExpiresAt = Expires == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(Expires),
        };
    }
}

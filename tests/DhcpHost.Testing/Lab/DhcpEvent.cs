using System.Globalization;
using System.Net;

namespace DhcpHost.Testing.Lab;

/// <summary>What a real client told its script: why, and every variable that it set.</summary>
/// <param name="Reason">udhcpc: bound, renew, nak, leasefail, deconfig; dhclient: BOUND, RENEW, BOUND6, REBIND6, FAIL …</param>
/// <param name="Variables">The script's environment.</param>
public sealed record DhcpEvent(string Reason, IReadOnlyDictionary<string, string> Variables)
{
    /// <summary>The address that the client got.</summary>
    public IPAddress? Address => Parse("ip") ?? Parse("new_ip_address") ?? Parse("new_ip6_address");

    /// <summary>The DHCPv4 server's identifier (option 54).</summary>
    public IPAddress? ServerIdentifier => Parse("serverid") ?? Parse("new_dhcp_server_identifier");

    /// <summary>The lease time.</summary>
    public TimeSpan? LeaseTime =>
        (this["lease"] ?? this["new_dhcp_lease_time"] ?? this["new_max_life"]) is { } seconds
            ? TimeSpan.FromSeconds(long.Parse(seconds, CultureInfo.InvariantCulture))
            : null;

    /// <summary>Whether the client has a lease after this.</summary>
    public bool IsBound => Reason is "bound" or "renew" or "BOUND" or "RENEW" or "REBIND" or "REBOOT" or "BOUND6" or "RENEW6" or "REBIND6";

    /// <summary>
    /// A variable by the client's own name, such as udhcpc's <c>router</c>, <c>dns</c>, <c>mtu</c>, <c>staticroutes</c> or <c>opt234</c> (hex),
    /// dhclient's <c>new_dhcp6_name_servers</c>; null if it was not set.
    /// </summary>
    public string? this[string name] => Variables.GetValueOrDefault(name);

    private IPAddress? Parse(string name) => this[name] is { } text ? IPAddress.Parse(text) : null;
}

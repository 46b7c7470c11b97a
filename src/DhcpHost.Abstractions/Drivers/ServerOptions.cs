using System.Net;
using System.Text.Json.Serialization;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Drivers;

/// <summary>What a site decides about a network's server, beyond what the network itself says.</summary>
public sealed record ServerOptions
{
    /// <summary>How long a lease is; <see cref="Timeout.InfiniteTimeSpan"/> for no end. Default one day, as in Neutron.</summary>
    public TimeSpan LeaseTime { get; init; } = TimeSpan.FromDays(1);

    /// <summary>T1 (option 58); <c>null</c> for the server's own half of the lease.</summary>
    public TimeSpan? RenewalTime { get; init; }

    /// <summary>T2 (option 59); <c>null</c> for the server's own seven eighths.</summary>
    public TimeSpan? RebindingTime { get; init; }

    /// <summary>The domain of clients on networks without one; empty for none.</summary>
    public string DnsDomain { get; init; } = "";

    /// <summary>The servers that the DHCP server's own DNS asks; empty: none, unless <see cref="UseHostResolver"/>. Since contract 1.1.</summary>
    [JsonPropertyName("dns_forwarders")]
    public EquatableArray<DnsForwarder> Forwarders { get; init; }

    /// <summary>
    /// <see cref="Forwarders"/> as contract 1.0 has them: those that are nothing but an address. Whoever sets it sets all of <see cref="Forwarders"/>.
    /// </summary>
    [JsonIgnore]
    public EquatableArray<IPAddress> DnsForwarders
    {
        get => [.. Forwarders.Where(forwarder => forwarder.IsPlain).Select(forwarder => forwarder.Address)];
        init => Forwarders = [.. value.Select(address => new DnsForwarder(address))];
    }

    /// <summary>Whether the server's DNS asks what the host's <c>/etc/resolv.conf</c> names; default false.</summary>
    public bool UseHostResolver { get; init; }

    /// <summary>Whether replies are always broadcast (InfiniBand); default false.</summary>
    public bool BroadcastReplies { get; init; }

    /// <summary>The most leases that a server may hold; default 2^24, as in Neutron.</summary>
    public int MaxLeases { get; init; } = 1 << 24;

    /// <summary>Further options for all clients of the network.</summary>
    public EquatableArray<ExtraDhcpOption> DhcpOptions { get; init; }
}

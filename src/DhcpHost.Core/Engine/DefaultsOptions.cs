using System.ComponentModel.DataAnnotations;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Options;
using DhcpHost.Abstractions.Policies;

namespace DhcpHost.Core.Engine;

/// <summary>
/// The table <c>[defaults]</c>: how networks are served that say nothing else themselves, and that no policy script decides otherwise.
/// </summary>
public sealed class DefaultsOptions : IValidatableObject
{
    /// <summary>The driver that makes interfaces.</summary>
    /// <value>Default <c>bridge</c>.</value>
    [Required]
    public string InterfaceDriver { get; set; } = "bridge";

    /// <summary>The driver that runs DHCP servers.</summary>
    /// <value>Default <c>dnsmasq</c>.</value>
    [Required]
    public string DhcpDriver { get; set; } = "dnsmasq";

    /// <summary>The driver that runs metadata proxies; empty where the site has none.</summary>
    /// <value>Default empty.</value>
    public string MetadataDriver { get; set; } = "";

    /// <summary>Which networks get a metadata proxy: <c>off</c>, <c>isolated</c> (subnets without a router) or <c>forced</c> (all).</summary>
    /// <value>Default <c>off</c>.</value>
    public MetadataMode Metadata { get; set; } = MetadataMode.Off;

    /// <summary>
    /// Whether a network with a subnet in 169.254.0.0/16 is a metadata access network: it gets a proxy, for the instances behind its router, also
    /// where <see cref="Metadata"/> is <c>isolated</c> and it is not (Neutron's <c>enable_metadata_network</c>).
    /// </summary>
    /// <value>Default false.</value>
    public bool MetadataNetworks { get; set; }

    /// <summary>How long a lease is.</summary>
    /// <value>Default one day; at least one minute, or infinite.</value>
    [AllowInfinite]
    public TimeSpan LeaseTime { get; set; } = TimeSpan.FromDays(1);

    /// <summary>When clients ask to renew (T1, option 58).</summary>
    /// <value>Default none: the server's own half of the lease.</value>
    public TimeSpan? RenewalTime { get; set; }

    /// <summary>When clients ask anybody (T2, option 59).</summary>
    /// <value>Default none: the server's own seven eighths of the lease.</value>
    public TimeSpan? RebindingTime { get; set; }

    /// <summary>The domain of clients on networks without one.</summary>
    /// <value>Default empty: none.</value>
    public string DnsDomain { get; set; } = "";

    /// <summary>The servers that the DHCP servers' own DNS asks, each with its port where that is not 53: <c>192.0.2.53#5353</c>.</summary>
    /// <value>Default none.</value>
    public IReadOnlyList<DnsForwarder> DnsForwarders { get; set; } = [];

    /// <summary>Whether the DHCP servers' own DNS asks what <c>/etc/resolv.conf</c> names.</summary>
    /// <value>Default false.</value>
    public bool UseHostResolver { get; set; }

    /// <summary>Whether replies are always broadcast, as InfiniBand needs it.</summary>
    /// <value>Default false.</value>
    public bool BroadcastReplies { get; set; }

    /// <summary>The most leases of one server.</summary>
    /// <value>Default 16777216.</value>
    [Range(1, 1 << 24)]
    public int MaxLeases { get; set; } = 1 << 24;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (value, name) in new[]
        {
            (InterfaceDriver, nameof(InterfaceDriver)),
            (DhcpDriver, nameof(DhcpDriver)),
            (MetadataDriver, nameof(MetadataDriver)),
        })
        {
            if (value.Length > 0 && !DriverId.TryParse(value, null, out _))
            {
                yield return new(
                    $"'{value}' is not the id of a driver: 1 to 64 ASCII letters, digits, '.', '_' or '-', the first one a letter or digit", [name]);
            }
        }

        if (LeaseTime != Timeout.InfiniteTimeSpan && LeaseTime < TimeSpan.FromMinutes(1))
        {
            yield return new("must be at least one minute, or infinite", [nameof(LeaseTime)]);
        }

        if (RenewalTime is { } renewal && RebindingTime is { } rebinding && renewal >= rebinding)
        {
            yield return new($"must be below rebinding_time, which is {rebinding}", [nameof(RenewalTime)]);
        }
    }

    /// <summary>The drivers that these options name.</summary>
    public DriverSelection ToDriverSelection() => new()
    {
        Interface = new(InterfaceDriver),
        Dhcp = new(DhcpDriver),
        Metadata = MetadataDriver.Length == 0 ? null : new DriverId(MetadataDriver),
    };

    /// <summary>The server options that these options name.</summary>
    public ServerOptions ToServerOptions() => new()
    {
        LeaseTime = LeaseTime,
        RenewalTime = RenewalTime,
        RebindingTime = RebindingTime,
        DnsDomain = DnsDomain,
        Forwarders = DnsForwarders.ToEquatableArray(),
        UseHostResolver = UseHostResolver,
        BroadcastReplies = BroadcastReplies,
        MaxLeases = MaxLeases,
    };
}

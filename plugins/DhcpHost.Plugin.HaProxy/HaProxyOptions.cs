using System.ComponentModel.DataAnnotations;

namespace DhcpHost.Plugin.HaProxy;

/// <summary>The keys of <c>[drivers.haproxy]</c> in <c>host.toml</c>. Those that Neutron has, too, have its names and defaults.</summary>
public sealed class HaProxyOptions : IValidatableObject
{
    private const int AllModeBits = 0b111_111_111;

    /// <summary>The program: a path, or a name that is looked up in the system's directories. Default <c>haproxy</c>.</summary>
    [Required]
    public string Binary { get; set; } = "haproxy";

    /// <summary>
    /// The directory with <c>ns-metadata-proxy/NETWORK.conf</c> (Neutron's <c>state_path</c>). Empty, the default: the plugin's state directory.
    /// </summary>
    public string StateDirectory { get; set; } = "";

    /// <summary>The mode of the directory of configurations; default 0o700: a proxy reads its own before it gives up root's rights.</summary>
    [Range(0, AllModeBits)]
    public int DirectoryMode { get; set; } = 0b111_000_000;

    /// <summary>The socket of neutron-metadata-agent; default <c>/var/lib/neutron/metadata_proxy</c>.</summary>
    [Required]
    public string MetadataProxySocket { get; set; } = "/var/lib/neutron/metadata_proxy";

    /// <summary>
    /// The account that proxies run as; it must be allowed to write to the agent's socket. Empty, the default: <c>neutron</c>, the agent's own,
    /// where there is such an account, else <c>root</c>.
    /// </summary>
    public string MetadataProxyUser { get; set; } = "";

    /// <summary>The group that proxies run as. Empty, the default: the one of the account's name where there is one, else <c>root</c>.</summary>
    public string MetadataProxyGroup { get; set; } = "";

    /// <summary>What proxies tell the system's log, from <c>debug</c> to <c>emerg</c>; default <c>info</c>.</summary>
    [AllowedValues("debug", "info", "notice", "warning", "err", "crit", "alert", "emerg")]
    public string LogLevel { get; set; } = "info";

    /// <summary>How long a connection to the agent may take, in whole seconds; default 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan TimeoutConnect { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a client may be silent; default 32 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan TimeoutClient { get; set; } = TimeSpan.FromSeconds(32);

    /// <summary>How long the agent may be silent; default 32 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan TimeoutServer { get; set; } = TimeSpan.FromSeconds(32);

    /// <summary>How long a client may take for a request's head; default 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan TimeoutHttpRequest { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a client's connection may wait for its next request; default 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan TimeoutHttpKeepAlive { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a client's requests are limited; default false.</summary>
    public bool RateLimitEnabled { get; set; }

    /// <summary>Clients of which IP versions are limited; default IPv4, as in Neutron. With both, a client counts by either of its addresses.</summary>
    public IList<int> IpVersions { get; set; } = [4];

    /// <summary>The base window, in whole seconds; default 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan BaseWindowDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests of one client in the base window; default 10.</summary>
    [Range(1, 1_000_000)]
    public int BaseQueryRateLimit { get; set; } = 10;

    /// <summary>The burst window, in whole seconds; default 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan BurstWindowDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests of one client in the burst window; default 10.</summary>
    [Range(1, 1_000_000)]
    public int BurstQueryRateLimit { get; set; } = 10;

    /// <summary>How long a proxy may take from its start until it answers; default 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a proxy may take to finish its requests before it is killed; default 5 seconds, as in Neutron.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (IpVersions.Any(version => version is not (4 or 6)) || (RateLimitEnabled && IpVersions.Count == 0))
        {
            yield return new("IP versions are 4 and 6, and one of them is needed to limit anything", [nameof(IpVersions), nameof(RateLimitEnabled)]);
        }

        foreach (var (value, name) in new[]
        {
            (MetadataProxySocket, nameof(MetadataProxySocket)), (StateDirectory, nameof(StateDirectory)),
            (MetadataProxyUser, nameof(MetadataProxyUser)), (MetadataProxyGroup, nameof(MetadataProxyGroup)),
        })
        {
            if (value.Any(c => char.IsControl(c) || " #\"'\\$".Contains(c, StringComparison.Ordinal)))
            {
                yield return new("HAProxy's configuration takes no blanks, quotes, '#', '$' or backslashes here", [name]);
            }
        }
    }
}

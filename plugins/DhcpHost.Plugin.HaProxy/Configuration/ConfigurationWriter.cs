using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;

namespace DhcpHost.Plugin.HaProxy.Configuration;

/// <summary>
/// Writes the configuration that Neutron's agent writes (<c>neutron/common/metadata.py</c>, <c>neutron/agent/metadata/driver_base.py</c>), to
/// the byte, so that either can take over the other's proxies.
/// </summary>
internal sealed partial class ConfigurationWriter(HaProxyOptions options, ProxyAccount account)
{
    private const string IPv4 = "169.254.169.254";
    private const string IPv6 = "fe80::a9fe:a9fe";
    private const int Port = 80;
    private const int MaxConnections = 1024;

    // What HAProxy opens beside two descriptors for each connection.
    private const int OtherFiles = 64;

    /// <summary>Writes it.</summary>
    /// <param name="plan">For whom.</param>
    /// <param name="paths">Its files.</param>
    /// <param name="hasIPv6">The IPv6 address can be bound.</param>
    /// <exception cref="DhcpHostException">The interface has a name that the file's grammar does not allow.</exception>
    public string Write(MetadataPlan plan, ProxyPaths paths, bool hasIPv6)
    {
        var device = plan.Interface.Device;
        if (!Word().IsMatch(device))
        {
            throw new DhcpHostException(FailureKind.Invalid, $"The interface's name '{device}' cannot be written into a configuration of HAProxy.");
        }

        var (kind, other, id) = plan.RouterId is { } router ? ("Router", "Network", router) : ("Network", "Router", plan.Network.Id.Value);
        if (!Word().IsMatch(id))
        {
            throw new DhcpHostException(FailureKind.Invalid, $"The id '{id}' cannot be written into a configuration of HAProxy.");
        }

        var text = new StringBuilder();
        WriteGlobal(text, paths, id, plan.Limits);
        WriteListener(text, hasIPv6 ? $"bind [{IPv6}]:{Port} interface {device}" : "");
        return text.Append(CultureInfo.InvariantCulture, $"""

                http-request del-header X-Neutron-{other}-ID
                http-request set-header X-Neutron-{kind}-ID {id}

            """).ToString();
    }

    /// <summary>Whether two configurations are the same to a proxy that runs: where it wrote its pid makes no difference.</summary>
    public static bool AreEqual(string? one, string? other) => one is not null && other is not null && WithoutPid(one).SequenceEqual(WithoutPid(other));

    private static IEnumerable<string> WithoutPid(string text) =>
        text.Split('\n').Where(line => !line.TrimStart().StartsWith("pidfile", StringComparison.Ordinal));

    private static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);

    private void WriteGlobal(StringBuilder text, ProxyPaths paths, string id, ChildLimits limits)
    {
        // A hard limit holds: fewer descriptors are fewer connections.
        var connections = limits.OpenFiles > 0 ? Math.Clamp((limits.OpenFiles - OtherFiles) / 2, 1, MaxConnections) : MaxConnections;
        _ = text.Append(CultureInfo.InvariantCulture, $"""

            global
                log         /dev/log local0 {options.LogLevel}
                log-tag     haproxy-metadata-proxy-{id}
                user        {account.User}
                group       {account.Group}
                maxconn     {connections}
                nbthread    2
                pidfile     {paths.Pid}
                daemon

            defaults
                log global
                mode http
                option httplog
                option dontlognull
                option http-server-close
                option forwardfor
                retries                 3
                timeout http-request    {Seconds(options.TimeoutHttpRequest)}s
                timeout connect         {Seconds(options.TimeoutConnect)}s
                timeout client          {Seconds(options.TimeoutClient)}s
                timeout server          {Seconds(options.TimeoutServer)}s
                timeout http-keep-alive {Seconds(options.TimeoutHttpKeepAlive)}s

            """);
    }

    private void WriteListener(StringBuilder text, string bindIPv6)
    {
        if (!options.RateLimitEnabled)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"""

                listen listener
                    bind {IPv4}:{Port}
                    {bindIPv6}
                    server metadata {options.MetadataProxySocket}

                """);
            return;
        }

        // A table of IPv6 addresses takes IPv4 ones, too, as mapped: that limits both, which Neutron does not offer.
        var type = $"ip{(options.IpVersions.Contains(6) ? "v6" : "")}";
        var (basic, burst) = (Seconds(options.BaseWindowDuration), Seconds(options.BurstWindowDuration));
        var expire = Math.Max(basic, burst);
        _ = text.Append(CultureInfo.InvariantCulture, $$"""

            backend base_rate_limiter
                stick-table type {{type}} size 10k expire {{expire}}s store http_req_rate({{basic}}s)

            backend burst_rate_limiter
                stick-table type {{type}} size 10k expire {{expire}}s store http_req_rate({{burst}}s)

            listen listener
                bind {{IPv4}}:{{Port}}
                {{bindIPv6}}

                http-request track-sc0 src table base_rate_limiter
                http-request track-sc1 src table burst_rate_limiter
                http-request deny deny_status 429 if { src_http_req_rate(base_rate_limiter) gt {{options.BaseQueryRateLimit}} }
                http-request deny deny_status 429 if { src_http_req_rate(burst_rate_limiter) gt {{options.BurstQueryRateLimit}} }

                server metadata {{options.MetadataProxySocket}}

            """);
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.:-]*\z")]
    private static partial Regex Word();
}

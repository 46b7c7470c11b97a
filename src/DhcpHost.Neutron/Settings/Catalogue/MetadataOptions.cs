using static DhcpHost.Neutron.Settings.Catalogue.Rule;

namespace DhcpHost.Neutron.Settings.Catalogue;

/// <summary>Options about metadata (neutron, <c>conf/agent/metadata/config.py</c>).</summary>
internal static class MetadataOptions
{
    private const string Limits = "metadata_rate_limiting";
    private const string Proxy = "metadata_haproxy";
    private const string OfAgent = "neutron-metadata-agent reads it, and runs on.";
    private const string Driver = "drivers.haproxy";

    public static IEnumerable<NeutronOption> All { get; } =
    [
        Join(Default, "enable_isolated_metadata", "False", "defaults.metadata", "True is isolated. With any metadata defaults.metadata_driver is set."),
        Join(Default, "force_metadata", "False", "defaults.metadata", "True is forced, and overrides enable_isolated_metadata."),
        Join(Default, "enable_metadata_network", "False", "sources.neutron.enable_metadata_network", "Together with enable_isolated_metadata, as in Neutron."),
        Map(Default, "metadata_proxy_socket", "$state_path/metadata_proxy", $"{Driver}.metadata_proxy_socket", OptionValue.NonEmpty),
        Map(Default, "metadata_proxy_user", "", $"{Driver}.metadata_proxy_user", OptionValue.NonEmpty),
        Map(Default, "metadata_proxy_group", "", $"{Driver}.metadata_proxy_group", OptionValue.NonEmpty),
        Map(Limits, "rate_limit_enabled", "False", $"{Driver}.rate_limit_enabled", OptionValue.Flag),
        Map(Limits, "ip_versions", "4", $"{Driver}.ip_versions", OptionValue.Numbers),
        Map(Limits, "base_window_duration", "10", $"{Driver}.base_window_duration", OptionValue.Seconds),
        Map(Limits, "base_query_rate_limit", "10", $"{Driver}.base_query_rate_limit", OptionValue.Count(1, 1_000_000)),
        Map(Limits, "burst_window_duration", "10", $"{Driver}.burst_window_duration", OptionValue.Seconds),
        Map(Limits, "burst_query_rate_limit", "10", $"{Driver}.burst_query_rate_limit", OptionValue.Count(1, 1_000_000)),
        Map(Proxy, "timeout_connect", "30", $"{Driver}.timeout_connect", OptionValue.Seconds),
        Map(Proxy, "timeout_client", "32", $"{Driver}.timeout_client", OptionValue.Seconds),
        Map(Proxy, "timeout_server", "32", $"{Driver}.timeout_server", OptionValue.Seconds),
        Map(Proxy, "timeout_http_request", "30", $"{Driver}.timeout_http_request", OptionValue.Seconds),
        Map(Proxy, "timeout_http_keep_alive", "30", $"{Driver}.timeout_http_keep_alive", OptionValue.Seconds),
        Unneeded(Default, "nova_metadata_host", "127.0.0.1", OfAgent),
        Unneeded(Default, "nova_metadata_port", "8775", OfAgent),
        Unneeded(Default, "nova_metadata_protocol", "http", OfAgent),
        Unneeded(Default, "metadata_proxy_shared_secret", "", OfAgent) with { IsSecret = true },
        Unneeded(Default, "auth_ca_cert", "", OfAgent),
        Unneeded(Default, "nova_metadata_insecure", "False", OfAgent),
        Unneeded(Default, "nova_client_cert", "", OfAgent),
        Unneeded(Default, "nova_client_priv_key", "", OfAgent),
        Unneeded(Default, "metadata_proxy_socket_mode", "deduce", OfAgent),
        Unneeded(Default, "metadata_workers", "2", OfAgent),
        Unneeded(Default, "metadata_backlog", "4096", OfAgent),
    ];
}

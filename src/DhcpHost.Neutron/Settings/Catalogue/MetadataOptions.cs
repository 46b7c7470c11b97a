using static DhcpHost.Neutron.Settings.Catalogue.Rule;

namespace DhcpHost.Neutron.Settings.Catalogue;

/// <summary>Options about metadata (neutron, <c>conf/agent/metadata/config.py</c>).</summary>
internal static class MetadataOptions
{
    private const string Limits = "metadata_rate_limiting";
    private const string Proxy = "metadata_haproxy";
    private const string OfAgent = "neutron-metadata-agent reads it, and runs on.";
    private const string OfNova = "For the driver metadata in its mode nova, which does without neutron-metadata-agent.";
    private const string InProcess = "drivers.metadata";
    private const string Driver = "drivers.haproxy";

    public static IEnumerable<NeutronOption> All { get; } =
    [
        Join(Default, "enable_isolated_metadata", "False", "defaults.metadata", "True is isolated. With any metadata defaults.metadata_driver is set."),
        Join(Default, "force_metadata", "False", "defaults.metadata", "True is forced, and overrides enable_isolated_metadata."),
        Join(Default, "enable_metadata_network", "False", "defaults.metadata_networks", "Together with enable_isolated_metadata, as in Neutron."),
        Map(Default, "metadata_proxy_socket", "$state_path/metadata_proxy", $"{Driver}.metadata_proxy_socket", OptionValue.NonEmpty),
        Map(Default, "metadata_proxy_user", "", $"{Driver}.metadata_proxy_user", OptionValue.NonEmpty),
        Map(Default, "metadata_proxy_group", "", $"{Driver}.metadata_proxy_group", OptionValue.NonEmpty),
        Map(Limits, "rate_limit_enabled", "False", $"{Driver}.rate_limit_enabled", OptionValue.Flag),
        Map(Limits, "ip_versions", "4", $"{Driver}.ip_versions", OptionValue.IpVersions),
        Map(Limits, "base_window_duration", "10", $"{Driver}.base_window_duration", OptionValue.SecondsWithin(1, 86_400)),
        Map(Limits, "base_query_rate_limit", "10", $"{Driver}.base_query_rate_limit", OptionValue.Count(1, 1_000_000)),
        Map(Limits, "burst_window_duration", "10", $"{Driver}.burst_window_duration", OptionValue.SecondsWithin(1, 86_400)),
        Map(Limits, "burst_query_rate_limit", "10", $"{Driver}.burst_query_rate_limit", OptionValue.Count(1, 1_000_000)),
        Map(Proxy, "timeout_connect", "30", $"{Driver}.timeout_connect", OptionValue.SecondsWithin(1, 86_400)),
        Map(Proxy, "timeout_client", "32", $"{Driver}.timeout_client", OptionValue.SecondsWithin(1, 86_400)),
        Map(Proxy, "timeout_server", "32", $"{Driver}.timeout_server", OptionValue.SecondsWithin(1, 86_400)),
        Map(Proxy, "timeout_http_request", "30", $"{Driver}.timeout_http_request", OptionValue.SecondsWithin(1, 86_400)),
        Map(Proxy, "timeout_http_keep_alive", "30", $"{Driver}.timeout_http_keep_alive", OptionValue.SecondsWithin(1, 86_400)),
        Map(Default, "nova_metadata_host", "127.0.0.1", $"{InProcess}.nova_metadata_host", OptionValue.NonEmpty, OfNova),
        Map(Default, "nova_metadata_port", "8775", $"{InProcess}.nova_metadata_port", OptionValue.Count(1, ushort.MaxValue), OfNova),
        Map(Default, "nova_metadata_protocol", "http", $"{InProcess}.nova_metadata_protocol", OptionValue.Choice("http", "https"), OfNova),
        Join(
            Default,
            "metadata_proxy_shared_secret",
            "",
            $"{InProcess}.metadata_proxy_shared_secret_file",
            $"{OfNova} It goes to a file of its own, which only root may read.",
            secret: true),
        Map(Default, "auth_ca_cert", "", $"{InProcess}.auth_ca_cert", OptionValue.NonEmpty, OfNova),
        Map(Default, "nova_metadata_insecure", "False", $"{InProcess}.nova_metadata_insecure", OptionValue.Flag, OfNova),
        Map(Default, "nova_client_cert", "", $"{InProcess}.nova_client_cert", OptionValue.NonEmpty, OfNova),
        Map(Default, "nova_client_priv_key", "", $"{InProcess}.nova_client_priv_key", OptionValue.NonEmpty, OfNova),
        Unneeded(Default, "metadata_proxy_socket_mode", "deduce", OfAgent),
        Unneeded(Default, "metadata_workers", "2", OfAgent),
        Unneeded(Default, "metadata_backlog", "4096", OfAgent),
    ];
}

using System.Collections.Frozen;
using static DhcpHost.Neutron.Settings.OsloConfig;

namespace DhcpHost.Neutron.Settings;

/// <summary>Names that options had in earlier releases, or still have in another group: oslo.config reads them for the newer ones.</summary>
internal static class OlderNames
{
    private const string Rabbit = "oslo_messaging_rabbit";

    private static readonly FrozenDictionary<(string Group, string Name), (string Group, string Name)> Newer =
        new Dictionary<(string, string), (string, string)>
        {
            [(Rabbit, "rabbit_use_ssl")] = (Rabbit, "ssl"),
            [(Rabbit, "kombu_ssl_version")] = (Rabbit, "ssl_version"),
            [(Rabbit, "kombu_ssl_keyfile")] = (Rabbit, "ssl_key_file"),
            [(Rabbit, "kombu_ssl_certfile")] = (Rabbit, "ssl_cert_file"),
            [(Rabbit, "kombu_ssl_ca_certs")] = (Rabbit, "ssl_ca_file"),
            [(Rabbit, "kombu_reconnect_timeout")] = (Rabbit, "kombu_missing_consumer_retry_timeout"),
            [(Rabbit, "rabbit_quroum_max_memory_length")] = (Rabbit, "rabbit_quorum_max_memory_length"),
            [(Rabbit, "rabbit_quroum_max_memory_bytes")] = (Rabbit, "rabbit_quorum_max_memory_bytes"),
            [(Rabbit, "rabbit_durable_queues")] = (Rabbit, "amqp_durable_queues"),
            [(Rabbit, "rpc_conn_pool_size")] = (DefaultGroup, "rpc_conn_pool_size"),
            [(Rabbit, "conn_pool_min_size")] = (DefaultGroup, "conn_pool_min_size"),
            [(Rabbit, "conn_pool_ttl")] = (DefaultGroup, "conn_pool_ttl"),
            [(DefaultGroup, "amqp_auto_delete")] = (Rabbit, "amqp_auto_delete"),
            [(DefaultGroup, "amqp_durable_queues")] = (Rabbit, "amqp_durable_queues"),
            [(DefaultGroup, "rabbit_durable_queues")] = (Rabbit, "amqp_durable_queues"),
            [(DefaultGroup, "rabbit_ha_queues")] = (Rabbit, "rabbit_ha_queues"),
            [(DefaultGroup, "rabbit_use_ssl")] = (Rabbit, "ssl"),
            [(DefaultGroup, "rabbit_login_method")] = (Rabbit, "rabbit_login_method"),
            [(DefaultGroup, "rabbit_retry_interval")] = (Rabbit, "rabbit_retry_interval"),
            [(DefaultGroup, "rabbit_retry_backoff")] = (Rabbit, "rabbit_retry_backoff"),
            [(DefaultGroup, "kombu_reconnect_delay")] = (Rabbit, "kombu_reconnect_delay"),
            [(DefaultGroup, "rpc_thread_pool_size")] = (DefaultGroup, "executor_thread_pool_size"),
            [(DefaultGroup, "nova_metadata_ip")] = (DefaultGroup, "nova_metadata_host"),
            [(DefaultGroup, "dnsmasq_dns_server")] = (DefaultGroup, "dnsmasq_dns_servers"),
            [(DefaultGroup, "ovs_vsctl_timeout")] = ("ovs", "ovsdb_timeout"),
            [("ovs", "ovs_integration_bridge")] = ("ovs", "integration_bridge"),
            [(DefaultGroup, "logfile")] = (DefaultGroup, "log_file"),
            [(DefaultGroup, "logdir")] = (DefaultGroup, "log_dir"),
            [(DefaultGroup, "log_config")] = (DefaultGroup, "log_config_append"),
        }.ToFrozenDictionary();

    /// <summary>The name that counts; <c>null</c> where it is that one.</summary>
    public static (string Group, string Name)? Find(string group, string name) => Newer.TryGetValue((group, name), out var newer) ? newer : null;
}

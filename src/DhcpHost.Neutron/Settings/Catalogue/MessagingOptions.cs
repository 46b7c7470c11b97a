using static DhcpHost.Neutron.Settings.Catalogue.Rule;

namespace DhcpHost.Neutron.Settings.Catalogue;

/// <summary>Options of the message bus (oslo.messaging, <c>conffixture.py</c>, <c>_drivers/impl_rabbit.py</c>, <c>_drivers/amqp.py</c>).</summary>
internal static class MessagingOptions
{
    /// <summary>The table of the source's own messaging.</summary>
    public const string Table = "sources.neutron.messaging";

    /// <summary>The group of the driver for RabbitMQ.</summary>
    public const string Rabbit = "oslo_messaging_rabbit";
    private const int Day = 86_400;
    private const string OfLibrary = "The client has a way of its own, bounded.";

    public static IEnumerable<NeutronOption> All { get; } =
    [
        Join(
            Default,
            "transport_url",
            "rabbit://",
            $"{Table}.transport_url_file",
            "It holds passwords: it goes to a file of its own, which only root may read. Options after its question mark become keys.",
            secret: true),
        Map(Default, "control_exchange", "neutron", $"{Table}.control_exchange", OptionValue.NonEmpty),
        Map(Default, "rpc_response_timeout", "60", $"{Table}.rpc_response_timeout", OptionValue.SecondsWithin(1, 3600)),
        Map(Default, "rpc_response_max_timeout", "600", $"{Table}.rpc_response_max_timeout", OptionValue.SecondsWithin(1, 86_400)),
        Unneeded(Default, "rpc_conn_pool_size", "30", OfLibrary),
        Unneeded(Default, "conn_pool_min_size", "2", OfLibrary),
        Unneeded(Default, "conn_pool_ttl", "1200", OfLibrary),
        Unneeded(Default, "executor_thread_pool_size", "64", OfLibrary),
        Unneeded(Default, "rpc_ping_enabled", "False", "Pings are for servers of calls; the DHCP agent answers none."),
        RabbitFlag("rabbit_quorum_queue", "False"),
        RabbitFlag("rabbit_transient_quorum_queue", "False"),
        RabbitCount("rabbit_quorum_delivery_limit", "0"),
        RabbitCount("rabbit_quorum_max_memory_length", "0"),
        RabbitCount("rabbit_quorum_max_memory_bytes", "0"),
        RabbitFlag("rabbit_stream_fanout", "False"),
        RabbitFlag("use_queue_manager", "False"),
        Map(Rabbit, "hostname", "", $"{Table}.rabbit.hostname", OptionValue.NonEmpty),
        Map(Rabbit, "processname", "", $"{Table}.rabbit.processname", OptionValue.NonEmpty, "No other process of this machine may use the same."),
        RabbitFlag("amqp_durable_queues", "False"),
        RabbitFlag("amqp_auto_delete", "False"),
        RabbitFlag("rabbit_ha_queues", "False"),
        RabbitCount("rabbit_transient_queues_ttl", "1800", most: int.MaxValue / 1000),
        RabbitCount("rabbit_qos_prefetch_count", "0", "0 is 64 here, and not unlimited.", most: ushort.MaxValue),
        RabbitFlag("enable_cancel_on_failover", "False"),
        RabbitCount("heartbeat_timeout_threshold", "60", most: ushort.MaxValue),
        Unneeded(Rabbit, "heartbeat_rate", "3", "The client sends heartbeats at half their timeout, as AMQP has it."),
        Unneeded(Rabbit, "heartbeat_in_pthread", "False", "The client has a thread for it always."),
        RabbitCount("rabbit_retry_interval", "1", least: 1, most: Day),
        RabbitCount("rabbit_retry_backoff", "2", most: Day),
        RabbitCount("rabbit_interval_max", "30", least: 1, most: Day),
        Unneeded(Rabbit, "kombu_missing_consumer_retry_timeout", "60", "A call that nobody takes fails after connect_timeout, and is tried again."),
        Map(Rabbit, "kombu_reconnect_splay", "0.0", $"{Table}.rabbit.kombu_reconnect_splay", Number),
        Unneeded(Rabbit, "kombu_reconnect_delay", "1.0", "See rabbit_retry_interval."),
        Map(Rabbit, "kombu_failover_strategy", "round-robin", $"{Table}.rabbit.kombu_failover_strategy", OptionValue.Choice("round-robin", "shuffle")),
        Unsupported(Rabbit, "kombu_compression", "", "Messages are sent and read as they are. Leave it out on all sides."),
        Map(Rabbit, "rabbit_login_method", "AMQPLAIN", $"{Table}.rabbit.rabbit_login_method", OptionValue.Choice("amqplain", "plain", "external")),
        RabbitFlag("ssl", "False"),
        Map(Rabbit, "ssl_version", "", $"{Table}.rabbit.ssl_version", OptionValue.Choice("", "SSLv23", "TLSv1_2", "TLSv1_3")),
        Map(Rabbit, "ssl_ca_file", "", $"{Table}.rabbit.ssl_ca_file", OptionValue.NonEmpty),
        Map(Rabbit, "ssl_cert_file", "", $"{Table}.rabbit.ssl_cert_file", OptionValue.NonEmpty),
        Map(Rabbit, "ssl_key_file", "", $"{Table}.rabbit.ssl_key_file", OptionValue.NonEmpty),
        Map(
            Rabbit,
            "ssl_enforce_hostname_verification",
            "True",
            $"{Table}.rabbit.ssl_enforce_hostname_verification",
            OptionValue.Flag,
            "Neutron's default was False before 2026; the import says so where it may matter."),
        Unsupported(Rabbit, "ssl_enforce_fips_mode", "False", "The system's policy of cryptography decides."),
        Unneeded(Rabbit, "rpc_reply_retry_attempts", "-1", "The agent answers no calls."),
        Unneeded(Rabbit, "direct_mandatory_flag", "True", "The agent answers no calls."),
    ];

    private static NeutronOption RabbitFlag(string name, string value) => Map(Rabbit, name, value, $"{Table}.rabbit.{name}", OptionValue.Flag);

    private static NeutronOption RabbitCount(string name, string value, string remark = "", long least = 0, long most = int.MaxValue) =>
        Map(Rabbit, name, value, $"{Table}.rabbit.{name}", OptionValue.Count(least, most), remark);

    private static string Number(string value) =>
        double.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= Day
            ? number.ToString("0.0###", System.Globalization.CultureInfo.InvariantCulture)
            : throw new FormatException($"'{value}' is no number within 0 and {Day}");
}

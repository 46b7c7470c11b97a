using System.Collections.Frozen;

namespace DhcpHost.Neutron.Settings.Catalogue;

/// <summary>
/// Names of options that the same files may have for other programs alone. They have no rows in the documentation's table: nothing is to be said of each.
/// </summary>
internal static class OthersNames
{
    /// <summary>Groups that the agent never reads.</summary>
    private static readonly FrozenSet<string> Groups = new[]
    {
        "cors", "database", "healthcheck", "ironic", "keystone_authtoken", "nova", "oslo_middleware", "oslo_policy", "oslo_reports", "placement", "quotas",
        "oslo_messaging_notifications", "oslo_messaging_kafka", "oslo_messaging_amqp", "oslo_messaging_metrics", "oslo_concurrency", "oslo_limit", "privsep",
        "profiler", "ssl",
        "securitygroup", "designate", "experimental", "service_providers", "oslo_versionedobjects", "cache", "network_log", "ml2", "ovn",
        "ml2_type_flat", "ml2_type_vlan", "ml2_type_gre", "ml2_type_vxlan", "ml2_type_geneve", "ovs_driver", "sriov_driver", "sriov_nic", "macvtap", "dhcp",
        "amqp1",
        "fdb", "network_segment_range", "service_auth", "pecan", "qos", "ovs_cleanup", "metering", "barbican", "ipam_infoblox", "os_vif_ovs", "ovn_nb_global",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Options outside of groups, of neutron-server, of agents for routers, and of the libraries that they use.</summary>
    private static readonly FrozenSet<string> Default = new[]
    {
        "agent_mode", "allow_automatic_l3agent_failover", "allow_bulk", "allowed_conntrack_helpers", "backdoor_port", "backdoor_socket", "backlog",
        "client_socket_timeout", "disable_process_locking", "dvr_base_mac", "enable_dvr", "enable_metadata_proxy", "enable_new_agents",
        "enable_services_on_agents", "enable_snat_by_default", "external_network_bridge", "filter_validation", "graceful_shutdown_timeout",
        "ha_confs_path", "ha_vrrp_auth_password", "ha_vrrp_auth_type", "ha_vrrp_advert_int", "handle_internal_only_routers", "http_retries", "ipv6_pd_enabled",
        "l3_ha", "l3_ha_net_cidr", "l3_ha_network_physical_name", "l3_ha_network_type", "lock_path", "log_options", "max_allowed_address_pair",
        "max_fixed_ips_per_port", "max_header_line", "max_l3_agents_per_router", "max_routes", "max_request_body_size", "min_l3_agents_per_router",
        "network_link_prefix", "notification_driver", "notification_topics", "notification_transport_url", "notify_nova_concurrency",
        "osapi_max_request_body_size",
        "pagination_max_limit", "periodic_fuzzy_delay", "periodic_interval", "policy_default_rule", "policy_dirs", "policy_file", "quota_driver",
        "retry_until_window", "router_auto_schedule", "router_distributed", "router_scheduler_driver", "rpc_backend", "rpc_resources_processing_step",
        "rpc_state_report_workers", "run_external_periodic_tasks", "send_events_interval", "setproctitle", "tcp_keepidle", "use_eventlog", "use_ssl", "verbose",
        "vlan_qinq", "wsgi_default_pool_size", "wsgi_keep_alive", "wsgi_log_format", "wsgi_server_debug",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Options of layer 2 agents, in groups that the DHCP agent reads something of, too.</summary>
    private static readonly FrozenSet<(string, string)> LayerTwo = new[]
    {
        ("agent", "arp_responder"), ("agent", "baremetal_smartnic"), ("agent", "comment_iptables_rules"), ("agent", "debug_iptables_rules"),
        ("agent", "dont_fragment"),
        ("agent", "drop_flows_on_start"), ("agent", "dscp"), ("agent", "dscp_inherit"), ("agent", "enable_distributed_routing"),
        ("agent", "explicitly_egress_direct"),
        ("agent", "l2_population"), ("agent", "minimize_polling"), ("agent", "ovsdb_monitor_respawn_interval"), ("agent", "polling_interval"),
        ("agent", "quitting_rpc_timeout"), ("agent", "tunnel_csum"), ("agent", "tunnel_types"), ("agent", "veth_mtu"), ("agent", "vxlan_udp_port"),
        ("ovs", "bridge_mac_table_size"), ("ovs", "datapath_type"), ("ovs", "disable_packet_marking"), ("ovs", "igmp_flood"), ("ovs", "igmp_flood_reports"),
        ("ovs", "igmp_flood_unregistered"), ("ovs", "igmp_snooping_enable"), ("ovs", "int_peer_patch_port"), ("ovs", "of_connect_timeout"),
        ("ovs", "of_inactivity_probe"), ("ovs", "of_interface"), ("ovs", "of_listen_address"), ("ovs", "of_listen_port"), ("ovs", "of_request_timeout"),
        ("ovs", "openflow_processed_per_port"), ("ovs", "ovsdb_debug"), ("ovs", "ovsdb_interface"), ("ovs", "qos_meter_bandwidth"),
        ("ovs", "resource_provider_bandwidths"), ("ovs", "resource_provider_default_hypervisor"), ("ovs", "resource_provider_hypervisors"),
        ("ovs", "resource_provider_inventory_defaults"), ("ovs", "resource_provider_packet_processing_inventory_defaults"),
        ("ovs", "resource_provider_packet_processing_with_direction"), ("ovs", "resource_provider_packet_processing_without_direction"),
        ("ovs", "tun_peer_patch_port"), ("ovs", "vhostuser_socket_dir"),
        ("vxlan", "arp_responder"), ("vxlan", "l2_population"), ("vxlan", "multicast_ranges"), ("vxlan", "tos"), ("vxlan", "ttl"), ("vxlan", "udp_dstport"),
        ("vxlan", "udp_srcport_max"), ("vxlan", "udp_srcport_min"), ("vxlan", "vxlan_group"),
    }.ToFrozenSet();

    /// <summary>Which programs read it; <c>null</c> where none is known to.</summary>
    public static string? Find(string group, string name) => (group, name) switch
    {
        _ when Groups.Contains(group) => $"[{group}] is read by other programs",
        (OsloConfig.DefaultGroup, _) when Default.Contains(name) => "neutron-server or another agent reads it",
        _ when LayerTwo.Contains((group, name)) => "the layer 2 agent reads it",
        _ => null,
    };
}

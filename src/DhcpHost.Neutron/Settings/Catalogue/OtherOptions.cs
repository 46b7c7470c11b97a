using static DhcpHost.Neutron.Settings.Catalogue.Rule;

namespace DhcpHost.Neutron.Settings.Catalogue;

/// <summary>Options that stand in the same files and are others' (neutron, <c>conf/common.py</c>, <c>conf/db</c>; oslo.log, <c>_options.py</c>).</summary>
internal static class OtherOptions
{
    private const string OfServer = "neutron-server reads it.";
    private const string OfLog = "The log goes to the journal, or to where [logging] says.";

    public static IEnumerable<NeutronOption> All { get; } =
    [
        .. new[]
        {
            ("dhcp_agents_per_network", "1"), ("agent_down_time", "75"), ("dhcp_load_type", "networks"), ("network_auto_schedule", "True"),
            ("allow_automatic_dhcp_failover", "True"), ("enable_services_on_agents_with_admin_state_down", "False"),
            ("network_scheduler_driver", "neutron.scheduler.dhcp_agent_scheduler.WeightScheduler"), ("dhcp_agent_notification", "True"),
            ("enable_traditional_dhcp", "True"), ("host_dvr_for_dhcp", "True"), ("core_plugin", ""), ("service_plugins", ""), ("auth_strategy", "keystone"),
            ("api_workers", ""), ("bind_host", "0.0.0.0"), ("bind_port", "9696"), ("base_mac", "fa:16:3e:00:00:00"), ("global_physnet_mtu", "1500"),
            ("allow_overlapping_ips", "True"), ("notify_nova_on_port_status_changes", "True"), ("notify_nova_on_port_data_changes", "True"),
            ("max_dns_nameservers", "5"), ("max_subnet_host_routes", "20"), ("vlan_transparent", "False"), ("ipam_driver", "internal"),
            ("default_availability_zones", ""), ("api_extensions_path", ""), ("api_paste_config", "api-paste.ini"), ("external_dns_driver", ""),
        }.Select(row => Unneeded(Default, row.Item1, row.Item2, OfServer)),
        Join(Default, "debug", "False", "logging.level", "True is debug."),
        .. new[]
        {
            ("log_file", ""), ("log_dir", ""), ("use_syslog", "False"), ("use_journal", "False"), ("use_stderr", "False"), ("use_json", "False"),
            ("syslog_log_facility", "LOG_USER"), ("log_config_append", ""), ("log_date_format", ""), ("watch_log_file", "False"), ("log_rotation_type", "none"),
            ("max_logfile_count", "30"), ("max_logfile_size_mb", "200"), ("log_rotate_interval", "1"), ("log_rotate_interval_type", "days"),
            ("default_log_levels", ""), ("publish_errors", "False"), ("instance_format", ""), ("instance_uuid_format", ""), ("fatal_deprecations", "False"),
            ("rate_limit_interval", "0"), ("rate_limit_burst", "0"), ("rate_limit_except_level", "CRITICAL"), ("logging_context_format_string", ""),
            ("logging_default_format_string", ""), ("logging_debug_format_suffix", ""), ("logging_exception_prefix", ""), ("logging_user_identity_format", ""),
        }.Select(row => Unneeded(Default, row.Item1, row.Item2, OfLog)),
    ];
}

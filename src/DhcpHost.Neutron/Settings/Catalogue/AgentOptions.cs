using static DhcpHost.Neutron.Settings.Catalogue.Rule;

namespace DhcpHost.Neutron.Settings.Catalogue;

/// <summary>Options of the DHCP agent itself (neutron, <c>conf/agent/dhcp.py</c>, <c>conf/agent/common.py</c>, <c>conf/common.py</c>).</summary>
internal static class AgentOptions
{
    private const int MaxLeases = 1 << 24;
    private const string DefaultSyncThreads = "4";

    public static IEnumerable<NeutronOption> All { get; } =
    [
        Map(Default, "host", "", "host.name", OptionValue.NonEmpty, "Neutron's default is the machine's name, and so is this host's.", always: true),
        Unneeded(Default, "state_path", "/var/lib/neutron", "Where other options refer to it, it is put in."),
        Unneeded(
            Default,
            "resync_interval",
            "5",
            "A network that fails is tried again by itself, with growing delays (limits.retry_delay_min, limits.retry_delay_max)."),
        Unneeded(Default, "resync_throttle", "1", "Full resyncs are limited by limits.resyncs_per_minute."),
        Map(
            Default,
            "num_sync_threads",
            DefaultSyncThreads,
            "limits.workers_max",
            value => OptionValue.Count(1, 1024)(value) is { } count && count != DefaultSyncThreads ? count : null,
            "Only where it is another than Neutron's default: the agent's threads sync, and this host's workers do all. Else there are up to 16, as the policy "
                + "pool-size says."),
        Unneeded(Default, "bulk_reload_interval", "0", "Changes that come while a network is worked on are one more run, not one each."),
        Unneeded(
            Default, "external_pids", "$state_path/external/pids", "No pid files but dnsmasq's own: servers are known by pid, start time and command line."),
        Map(
            Default,
            "dhcp_lease_duration",
            "86400",
            "defaults.lease_time",
            OptionValue.LeaseTime,
            "-1 is infinite. Neutron is told it too (sources.neutron.dhcp_lease_duration)."),
        Map(Default, "dhcp_renewal_time", "0", "defaults.renewal_time", OptionValue.SecondsOrNone, "0 is the server's own."),
        Map(Default, "dhcp_rebinding_time", "0", "defaults.rebinding_time", OptionValue.SecondsOrNone, "0 is the server's own."),
        Map(Default, "dns_domain", "openstacklocal", "defaults.dns_domain", OptionValue.Text, "Written always: this host's own default is none.", always: true),
        Map(Default, "dhcp_broadcast_reply", "False", "defaults.broadcast_replies", OptionValue.Flag),
        Join(
            Default,
            "dhcp_driver",
            "neutron.agent.linux.dhcp.Dnsmasq",
            "defaults.dhcp_driver",
            "Only Neutron's own Dnsmasq; another class has to become a plugin."),
        Map(
            Default,
            "dhcp_confs",
            "$state_path/dhcp",
            "drivers.dnsmasq.state_directory",
            OptionValue.NonEmpty,
            "The same files at the same places, so that either can take over from the other.",
            always: true),
        Map(Default, "dnsmasq_config_file", "", "drivers.dnsmasq.config_file", OptionValue.NonEmpty),
        Map(
            Default,
            "dnsmasq_dns_servers",
            "",
            "defaults.dns_forwarders",
            OptionValue.Forwarders,
            "Addresses, with a port where it is not 53 (192.0.2.53#5353); other forms of dnsmasq's --server belong into its config_file."),
        Map(Default, "dnsmasq_base_log_dir", "", "drivers.dnsmasq.log_directory", OptionValue.NonEmpty),
        Map(Default, "dnsmasq_local_resolv", "False", "defaults.use_host_resolver", OptionValue.Flag),
        Map(Default, "dnsmasq_lease_max", "16777216", "defaults.max_leases", OptionValue.Count(1, MaxLeases), "At most 16777216."),
        Map(Default, "dnsmasq_enable_addr6_list", "False", "drivers.dnsmasq.enable_addr6_list", OptionValue.Flag),
        Map(Default, "dnsmasq_txt_record", "", "drivers.dnsmasq.txt_record", OptionValue.NonEmpty),
        Unneeded(Default, "dhcp_delete_namespaces", "True", "Namespaces of networks that are gone are removed always."),
        Unneeded(Default, "use_namespaces", "True", "Each network has a namespace always."),
        Unneeded(Default, "rpc_workers", "1", "Of neutron-server."),
        Map("agent", "report_interval", "30", "sources.neutron.report_interval", OptionValue.SecondsWithin(1, 3600)),
        Map("agent", "log_agent_heartbeats", "False", "sources.neutron.log_agent_heartbeats", OptionValue.Flag),
        Unneeded("agent", "check_child_processes_interval", "60", "The kernel tells at once when a server ends."),
        Join(
            "agent",
            "check_child_processes_action",
            "respawn",
            "",
            "respawn is what is always done; exit is not offered: a server that keeps ending is quarantined and told."),
        Unsupported(
            "agent",
            "kill_scripts_path",
            "/etc/neutron/kill_scripts/",
            "Scripts NAME-kill are not run: servers are ended by signal. Where they ran servers in containers, write a driver."),
        Unneeded("agent", "root_helper", "sudo", "The host runs as root, or with the capabilities of its systemd unit, and starts no helpers."),
        Unneeded("agent", "root_helper_daemon", "", "As root_helper."),
        Unneeded("agent", "use_helper_for_ns_read", "True", "As root_helper."),
        Unneeded("agent", "use_random_fully", "True", "Of agents with NAT."),
        Unneeded("agent", "extensions", "", "Extensions of agents are plugins and policy scripts here."),
        Map("agent", "availability_zone", "nova", "sources.neutron.availability_zone", OptionValue.NonEmpty, always: true),
    ];
}

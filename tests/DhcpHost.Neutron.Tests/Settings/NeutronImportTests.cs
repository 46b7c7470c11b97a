using DhcpHost.Neutron.Settings;

namespace DhcpHost.Neutron.Tests.Settings;

public sealed class NeutronImportTests
{
    [Theory]
    [InlineData("", "defaults", "dns_domain", "\"openstacklocal\"")]
    [InlineData("dns_domain =", "defaults", "dns_domain", "\"\"")]
    [InlineData("", "host", "name", "\"machine\"")]
    [InlineData("host = node-7", "host", "name", "\"node-7\"")]
    [InlineData("", "drivers.dnsmasq", "state_directory", "\"/var/lib/neutron/dhcp\"")]
    [InlineData("state_path = /srv/n", "drivers.dnsmasq", "state_directory", "\"/srv/n/dhcp\"")]
    [InlineData("dhcp_confs = ${state_path}/x", "drivers.dnsmasq", "state_directory", "\"/var/lib/neutron/x\"")]
    [InlineData("dhcp_confs = ${agent.availability_zone}/$$x/\\$y/$unknown", "drivers.dnsmasq", "state_directory", "\"nova/$x/$y/$unknown\"")]
    [InlineData("state_path = $state_path/x", "host", "name", "\"machine\"")]
    [InlineData("dhcp_lease_duration = -1", "defaults", "lease_time", "\"infinite\"")]
    [InlineData("dhcp_lease_duration = 600", "defaults", "lease_time", "\"600s\"")]
    [InlineData("dnsmasq_dns_servers = 1.1.1.1, 2001:db8::1", "defaults", "dns_forwarders", "[\"1.1.1.1\", \"2001:db8::1\"]")]
    [InlineData("dnsmasq_dns_servers = 8.8.8.8#5353,fe80::1%tap0#54", "defaults", "dns_forwarders", "[\"8.8.8.8#5353\", \"fe80::1%tap0#54\"]")]
    [InlineData("num_sync_threads = 8", "limits", "workers_max", "8")]
    [InlineData("num_sync_threads = 2", "limits", "workers_max", "2")]
    [InlineData("dnsmasq_local_resolv = yes", "defaults", "use_host_resolver", "true")]
    [InlineData("force_metadata = True\nenable_isolated_metadata = True", "defaults", "metadata", "\"forced\"")]
    [InlineData("enable_isolated_metadata = 1", "defaults", "metadata", "\"isolated\"")]
    [InlineData("force_metadata = 1\nstate_path = /srv/n", "drivers.haproxy", "metadata_proxy_socket", "\"/srv/n/metadata_proxy\"")]
    [InlineData("force_metadata = 1\nstate_path = /srv/n", "drivers.haproxy", "state_directory", "\"/srv/n\"")]
    [InlineData("nova_metadata_host = nova.example", "drivers.metadata", "nova_metadata_host", "\"nova.example\"")]
    [InlineData("enable_isolated_metadata = 1", "defaults", "metadata_driver", "\"haproxy\"")]
    [InlineData("", "defaults", "metadata", "\"off\"")]
    [InlineData("", "defaults", "interface_driver", "\"openvswitch\"")]
    [InlineData("interface_driver = neutron.agent.linux.interface.BridgeInterfaceDriver", "defaults", "interface_driver", "\"linuxbridge\"")]
    [InlineData("[AGENT]\nreport_interval = 7.5", "sources.neutron", "report_interval", "\"7500ms\"")]
    [InlineData("enable_isolated_metadata = True\nenable_metadata_network = True", "defaults", "metadata_networks", "true")]
    [InlineData("dhcp_lease_duration = -1", "sources.neutron", "dhcp_lease_duration", "-1")]
    [InlineData("", "sources.neutron", "availability_zone", "\"nova\"")]
    [InlineData("[oslo_messaging_rabbit]\nrabbit_quorum_queue = true", "sources.neutron.messaging.rabbit", "rabbit_quorum_queue", "true")]
    [InlineData("dnsmasq_config_file = /etc/\"a\\b\".conf", "drivers.dnsmasq", "config_file", "\"/etc/\\\"a\\\\b\\\".conf\"")]
    [InlineData("[oslo_messaging_rabbit]\nrabbit_use_ssl = 1\nkombu_ssl_ca_certs = /ca.pem", "sources.neutron.messaging.rabbit", "ssl", "true")]
    [InlineData("[oslo_messaging_rabbit]\nkombu_ssl_ca_certs = /ca.pem", "sources.neutron.messaging.rabbit", "ssl_ca_file", "\"/ca.pem\"")]
    [InlineData("[oslo_messaging_rabbit]\nssl = true\nrabbit_use_ssl = false", "sources.neutron.messaging.rabbit", "ssl", "true")]
    [InlineData("[oslo_messaging_rabbit]\nrabbit_quroum_max_memory_length = 5", "sources.neutron.messaging.rabbit", "rabbit_quorum_max_memory_length", "5")]
    [InlineData("rabbit_ha_queues = yes", "sources.neutron.messaging.rabbit", "rabbit_ha_queues", "true")]
    [InlineData("nova_metadata_ip = 10.0.0.1", "drivers.metadata", "nova_metadata_host", "\"10.0.0.1\"")]
    [InlineData("[oslo_messaging_rabbit]\nssl_version = tlsv1_2", "sources.neutron.messaging.rabbit", "ssl_version", "\"TLSv1_2\"")]
    [InlineData("rpc_response_timeout = 1200", "sources.neutron.messaging", "rpc_response_max_timeout", "\"1200s\"")]
    [InlineData("rpc_response_timeout = 20\nrpc_response_max_timeout = 10", "sources.neutron.messaging", "rpc_response_max_timeout", "\"20s\"")]
    [InlineData("transport_url = rabbit://h/?ssl=1", "sources.neutron.messaging.rabbit", "ssl", "true")]
    [InlineData(
        "transport_url = rabbit://h/?ssl_ca_file=%2Fca.pem&ssl=0\n[oslo_messaging_rabbit]\nssl_ca_file = /other.pem",
        "sources.neutron.messaging.rabbit",
        "ssl_ca_file",
        "\"/ca.pem\"")]
    public void An_option_becomes_a_key(string text, string table, string key, string value)
    {
        var lines = Import(text).HostToml.Split('\n').ToList();
        var start = lines.IndexOf($"[{table}]");
        Assert.True(start >= 0, $"no table {table}");
        Assert.Contains($"{key} = {value}", lines.Skip(start + 1).TakeWhile(line => !line.StartsWith('[')));
    }

    [Theory]
    [InlineData("dhcp_lease_duration = soon", FindingKind.Wrong, "dhcp_lease_duration")]
    [InlineData("dhcp_lease_duration = 5", FindingKind.Wrong, "dhcp_lease_duration")]
    [InlineData("dnsmasq_dns_servers = 1.1.1.1,x", FindingKind.Wrong, "dnsmasq_dns_servers")]
    [InlineData("interface_driver = null", FindingKind.Wrong, "interface_driver")]
    [InlineData("force_metadata = perhaps", FindingKind.Wrong, "force_metadata")]
    [InlineData("dhcp_driver = my.own.Driver", FindingKind.Unsupported, "dhcp_driver")]
    [InlineData("[agent]\nkill_scripts_path = /x", FindingKind.Unsupported, "[agent] kill_scripts_path")]
    [InlineData("[agent]\ncheck_child_processes_action = exit", FindingKind.Unsupported, "[agent] check_child_processes_action")]
    [InlineData("[agent]\ncheck_child_processes_action = respawn", FindingKind.Mapped, "[agent] check_child_processes_action")]
    [InlineData("enable_metadata_network = True", FindingKind.Unneeded, "enable_metadata_network")]
    [InlineData("num_sync_threads = 8", FindingKind.Mapped, "num_sync_threads")]
    [InlineData("num_sync_threads = 4", FindingKind.Unneeded, "num_sync_threads")]
    [InlineData("num_sync_threads = 0", FindingKind.Wrong, "num_sync_threads")]
    [InlineData("resync_interval = 9", FindingKind.Unneeded, "resync_interval")]
    [InlineData("[database]\nconnection = mysql://u:secret@h/d", FindingKind.Unneeded, "[database] connection")]
    [InlineData("dnsmasq_lease_mx = 9", FindingKind.Unknown, "dnsmasq_lease_mx")]
    [InlineData("[agent]\nfrobnicate = 9", FindingKind.Unknown, "[agent] frobnicate")]
    [InlineData("dns_domain = example.org", FindingKind.Mapped, "dns_domain")]
    [InlineData("l3_ha = True", FindingKind.Unneeded, "l3_ha")]
    [InlineData("[ovs]\nof_listen_port = 6633", FindingKind.Unneeded, "[ovs] of_listen_port")]
    [InlineData("[ovs]\novsdb_conection = unix:/x", FindingKind.Unknown, "[ovs] ovsdb_conection")]
    [InlineData("[dhcp]\ndhcp_renewal_time = 5", FindingKind.Unneeded, "[dhcp] dhcp_renewal_time")]
    [InlineData("[oslo_messaging_rabbit]\nrpc_conn_pool_size = 5", FindingKind.Unneeded, "rpc_conn_pool_size")]
    [InlineData("[oslo_messaging_rabbit]\nssl_version = TLSv1", FindingKind.Wrong, "[oslo_messaging_rabbit] ssl_version")]
    [InlineData("[oslo_messaging_rabbit]\nheartbeat_timeout_threshold = 100000", FindingKind.Wrong, "[oslo_messaging_rabbit] heartbeat_timeout_threshold")]
    [InlineData("[agent]\nreport_interval = 0", FindingKind.Wrong, "[agent] report_interval")]
    [InlineData("nova_client_cert = /c.pem", FindingKind.Unneeded, "nova_client_cert")]
    [InlineData("transport_url = kafka://h:9092/", FindingKind.Wrong, "transport_url")]
    [InlineData("transport_url = hush", FindingKind.Wrong, "transport_url")]
    [InlineData("transport_url = rabbit://h/?frobnicate=1", FindingKind.Unknown, "[oslo_messaging_rabbit] frobnicate")]
    public void Each_option_of_a_file_is_accounted_for_once(string text, FindingKind kind, string option)
    {
        var finding = Assert.Single(Import(text).Findings, finding => finding.Option == option);
        Assert.Equal(kind, finding.Kind);
        Assert.StartsWith("dhcp_agent.ini:", finding.Place, StringComparison.Ordinal);
        Assert.NotEmpty(finding.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("num_sync_threads = 4")]
    public void Neutrons_default_of_its_sync_threads_is_no_bound_of_the_workers(string text) =>
        Assert.DoesNotContain("workers_max =", Import(text).HostToml, StringComparison.Ordinal);

    [Fact]
    public void Every_option_that_is_known_says_what_becomes_of_it()
    {
        Assert.All(NeutronOptions.All, option =>
        {
            Assert.True(option.Fate == OptionFate.Mapped ? option.Target.Length + option.Remark.Length > 0 : option.Remark.Length > 0, option.ToString());
            Assert.Equal(option.Fate == OptionFate.Mapped && option.Target.Length > 0, option.Target.Contains('.', StringComparison.Ordinal));
        });
        Assert.Equal(NeutronOptions.All.Count, NeutronOptions.All.Select(option => option.ToString()).Distinct().Count());
    }

    [Fact]
    public void No_secret_is_in_what_is_shown()
    {
        var import = Import("transport_url = rabbit://neutron:hush@broker:5672/\nmetadata_proxy_shared_secret = "
            + "hush\n[database]\nconnection = mysql://u:hush@h/d\n[nova]\npassword = hush");

        Assert.Equal(("rabbit://neutron:hush@broker:5672/", "hush"), (import.TransportUrl, import.MetadataSecret));
        Assert.DoesNotContain("hush", import.HostToml, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", string.Join('\n', import.Findings), StringComparison.Ordinal);
        Assert.Contains("transport_url_file = \"/etc/dhcphost/transport_url\"", import.HostToml, StringComparison.Ordinal);
        Assert.Contains("metadata_proxy_shared_secret_file = \"/etc/dhcphost/secret\"", import.HostToml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "rabbit://localhost")]
    [InlineData("transport_url = rabbit:///nova", "rabbit://localhost/nova")]
    [InlineData("transport_url = rabbit://u:p%40@[2001:db8::5]:5671,u:p@10.0.0.9/%2Fn?ssl=1", "rabbit://u:p%40@[2001:db8::5]:5671,u:p@10.0.0.9/%2Fn")]
    [InlineData("transport_url = amqp://u:hush@h/", "")]
    public void The_url_names_a_broker_and_has_no_options(string text, string url)
    {
        var import = Import(text);

        Assert.Equal(url, import.TransportUrl);
        Assert.Equal(url.Length > 0, import.HostToml.Contains("transport_url_file = ", StringComparison.Ordinal));
        Assert.DoesNotContain("hush", import.HostToml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ssl = true", "[oslo_messaging_rabbit] ssl_ca_file")]
    [InlineData("ssl = true\nssl_ca_file = /ca.pem", "[oslo_messaging_rabbit] ssl_enforce_hostname_verification")]
    [InlineData("ssl = true\nssl_ca_file = /ca.pem\nssl_enforce_hostname_verification = false", null)]
    [InlineData("ssl = false", null)]
    public void What_is_checked_of_a_brokers_certificate_and_was_not_before_is_told(string text, string? option) =>
        Assert.Equal(
            option is null ? [] : [option],
            Import($"[oslo_messaging_rabbit]\n{text}").Findings.Where(finding => finding.Kind == FindingKind.Unsupported).Select(finding => finding.Option));

    private static NeutronImport Import(string text)
    {
        var config = new OsloConfig();
        config.Read("dhcp_agent.ini", text);
        Assert.Empty(config.Errors);
        return NeutronImport.Run(
            config, new()
            {
                MachineName = "machine",
                TransportUrlFile = "/etc/dhcphost/transport_url",
                MetadataSecretFile = "/etc/dhcphost/secret",
                AgentAccount = "neutron",
            });
    }
}

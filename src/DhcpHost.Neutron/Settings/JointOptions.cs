using System.Globalization;
using DhcpHost.Neutron.Settings.Catalogue;

namespace DhcpHost.Neutron.Settings;

/// <summary>Options that become a key only together with others, or in a way of their own.</summary>
internal sealed class JointOptions(NeutronSettings settings, ImportSite site, HostTomlDraft draft, Action<string, string, FindingKind, string> tell)
{
    private const string Ours = "So that neutron-dhcp-agent and this host can take over from each other.";

    public void Apply()
    {
        AddPlugins();
        AddDrivers();
        AddMetadata();
        AddTakeover();
        AddWorkers();
        if (Flag("debug"))
        {
            draft.Set("logging.level", "\"debug\"", "debug = true");
        }

        if (settings.Text("agent", "check_child_processes_action").Trim() is not "respawn" and var action)
        {
            tell(
                "agent",
                "check_child_processes_action",
                FindingKind.Unsupported,
                $"'{action}' is not offered: a server that ends is started again, one that keeps ending is quarantined and told");
        }

        new JointMessaging(settings, site, draft, tell).Apply();
    }

    private void AddPlugins()
    {
        if (site.PluginDirectories.Count > 0)
        {
            draft.Set(
                "plugins.directories", $"[{string.Join(", ", site.PluginDirectories.Select(OptionValue.Quote))}]", "Where this dhcphost has its plugins.");
        }
    }

    private void AddDrivers()
    {
        var dhcp = settings.Text("dhcp_driver").Trim();
        if (dhcp is not ("neutron.agent.linux.dhcp.Dnsmasq" or "dnsmasq"))
        {
            tell(
                Rule.Default,
                "dhcp_driver",
                FindingKind.Unsupported,
                $"'{dhcp}' is code of its own: write it as a plugin (docs/plugins.md); until then dnsmasq serves");
        }

        draft.Set("defaults.dhcp_driver", "\"dnsmasq\"", $"dhcp_driver = {dhcp}");
        var given = settings.Text("interface_driver").Trim();
        var found = given switch
        {
            "openvswitch" or "neutron.agent.linux.interface.OVSInterfaceDriver" => "openvswitch",
            "linuxbridge" or "neutron.agent.linux.interface.BridgeInterfaceDriver" => "linuxbridge",
            _ => null,
        };
        if (found is null)
        {
            tell(
                Rule.Default,
                "interface_driver",
                FindingKind.Wrong,
                $"'{given}' is not offered: openvswitch and linuxbridge are; write others as plugins (docs/plugins.md)");
            return;
        }

        draft.Set("defaults.interface_driver", OptionValue.Quote(found), $"interface_driver = {given}");
    }

    private void AddMetadata()
    {
        var mode = Flag("force_metadata") ? "forced" : Flag("enable_isolated_metadata") ? "isolated" : "off";
        draft.Set("defaults.metadata", OptionValue.Quote(mode), "force_metadata, enable_isolated_metadata");
        if (mode != "off")
        {
            draft.Set("defaults.metadata_driver", "\"haproxy\"", "As in Neutron; \"metadata\" is one that is a part of this host, and needs no haproxy.");
            draft.Set("drivers.haproxy.metadata_proxy_socket", OptionValue.Quote(settings.Text("metadata_proxy_socket")), "metadata_proxy_socket");
            draft.Set("drivers.haproxy.state_directory", OptionValue.Quote(settings.Text("state_path")), Ours);
        }

        if (site.MetadataSecretFile is { } file && settings.Text("metadata_proxy_shared_secret").Length > 0)
        {
            draft.Set("drivers.metadata.metadata_proxy_shared_secret_file", OptionValue.Quote(file), "metadata_proxy_shared_secret, in a file of its own");
        }

        if (settings.Text("nova_client_cert").Trim().Length > 0 != settings.Text("nova_client_priv_key").Trim().Length > 0)
        {
            foreach (var name in new[] { "nova_client_cert", "nova_client_priv_key" })
            {
                draft.Remove($"drivers.metadata.{name}");
                tell(Rule.Default, name, FindingKind.Unneeded, "it has no effect without the other of nova_client_cert and nova_client_priv_key");
            }
        }

        if (Flag("enable_metadata_network"))
        {
            AddMetadataNetwork(Flag("enable_isolated_metadata"));
        }
    }

    private void AddMetadataNetwork(bool isIsolated)
    {
        if (!isIsolated)
        {
            tell(Rule.Default, "enable_metadata_network", FindingKind.Unneeded, "it has no effect without enable_isolated_metadata");
            return;
        }

        draft.Set("defaults.metadata_networks", "true", "enable_metadata_network = true");
    }

    /// <summary>
    /// Neutron's own default, which tools that write its files write out, is no wish of the operator's: it would bound all work here, not the sync alone.
    /// </summary>
    private void AddWorkers()
    {
        const string Name = "num_sync_threads";
        if (NeutronOptions.Find(Rule.Default, Name) is { } option && settings.IsSet(option) && settings.Text(Name).Trim() == option.Default)
        {
            tell(
                Rule.Default,
                Name,
                FindingKind.Unneeded,
                $"{option.Default} is Neutron's default: as many networks are worked on as the policy pool-size says, up to 16 (limits.workers_max)");
        }
    }

    private void AddTakeover()
    {
        var lease = settings.Text("dhcp_lease_duration").Trim();
        if (long.TryParse(lease, CultureInfo.InvariantCulture, out var seconds) && lease != "86400")
        {
            draft.Set("sources.neutron.dhcp_lease_duration", seconds.ToString(CultureInfo.InvariantCulture), "What Neutron is told of dhcp_lease_duration.");
        }

        draft.Set("drivers.dnsmasq.adopt_neutron", "true", "Servers that neutron-dhcp-agent left running are taken over as they are.");
        if (site.AgentAccount is { } account)
        {
            draft.Set("drivers.dnsmasq.owner", OptionValue.Quote(account), Ours);
            draft.Set("drivers.dnsmasq.directory_mode", "0o711", Ours);
            draft.Set("drivers.dnsmasq.file_mode", "0o644", Ours);
        }
    }

    private bool Flag(string name)
    {
        try
        {
            return OptionValue.ReadFlag(settings.Text(name));
        }
        catch (FormatException e)
        {
            tell(Rule.Default, name, FindingKind.Wrong, e.Message);
            return false;
        }
    }
}

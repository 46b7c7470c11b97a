using DhcpHost.Abstractions.Status;
using DhcpHost.Http.Answers;

namespace DhcpHost.EndToEnd.Tests;

/// <summary>What an operator does wrong, and is told.</summary>
public sealed class OperatorTests : EndToEndTest
{
    [Fact]
    public async Task A_reload_with_a_wrong_key_in_a_drivers_table_is_refused_whole_and_shown_until_it_is_cured()
    {
        Host.WriteNetwork(Host.NewNetworkId(), Host.NetworkToml());
        await Host.StartSyncedAsync(Token);
        Assert.Contains("dhcphost_config_reloads_total{result=\"refused\"} 0", await Host.MetricsAsync(Token), StringComparison.Ordinal);

        Host.EditConfig("create_bridges = true", "create_bridge = true\n\n[limits]\nworkers_max = 3");
        Host.Signal("HUP");

        var refused = await Host.WaitForEventAsync("config.refused", _ => true, Token);
        Assert.Contains("drivers.bridge.create_bridge: unknown key; did you mean `create_bridges`?", refused.Message, StringComparison.Ordinal);
        Assert.Contains("dhcphost_config_last_reload_successful 0", await Host.MetricsAsync(Token), StringComparison.Ordinal);
        Assert.Contains("unknown key", Assert.Single((await Host.TryGetAsync<HostStatus>("/v1/status", Token))!.Problems), StringComparison.Ordinal);
        Assert.Contains("problem       host.toml was not taken over", await Host.RunAsync(Token, "status"), StringComparison.Ordinal);
        Assert.Equal(16, (await Host.TryGetAsync<LimitUse[]>("/v1/limits", Token))!.Single(limit => limit.Name == "workers_max").Value);

        Host.EditConfig("create_bridge = true", "create_bridges = true");
        Host.Signal("HUP");

        _ = await Host.WaitForEventAsync("config.reloaded", _ => true, Token);
        Assert.Empty((await Host.TryGetAsync<HostStatus>("/v1/status", Token))!.Problems);
        Assert.Equal(3, (await Host.TryGetAsync<LimitUse[]>("/v1/limits", Token))!.Single(limit => limit.Name == "workers_max").Value);
    }

    [Fact]
    public async Task A_reload_with_options_that_a_driver_cannot_work_with_says_so_and_is_shown_until_it_is_cured()
    {
        var id = Host.NewNetworkId();
        Host.WriteNetwork(id, Host.NetworkToml());
        await Host.StartSyncedAsync(Token);
        _ = await Host.WaitForPhaseAsync(id, NetworkPhase.Ready, Token);

        Host.EditConfig("create_bridges = true", "create_bridges = true\n\n[drivers.dnsmasq]\nbinary = \"/nonexistent/dnsmasq\"");
        Host.Signal("HUP");

        var reloaded = await Host.WaitForEventAsync("config.reloaded", _ => true, Token);
        Assert.Equal(EventSeverity.Warning, reloaded.Severity);
        Assert.Contains("but not for plugin dnsmasq: the options in host.toml now were refused: ", reloaded.Message, StringComparison.Ordinal);
        Assert.Contains("/nonexistent/dnsmasq", Assert.Single((await Host.TryGetAsync<HostStatus>("/v1/status", Token))!.Problems), StringComparison.Ordinal);
        Assert.Equal(NetworkPhase.Ready, (await Host.StatusAsync(id, Token))!.Phase);

        Host.EditConfig("\n\n[drivers.dnsmasq]\nbinary = \"/nonexistent/dnsmasq\"", "");
        Host.Signal("HUP");

        _ = await Host.WaitForEventAsync("config.reloaded", item => item.Severity == EventSeverity.Info, Token);
        Assert.Empty((await Host.TryGetAsync<HostStatus>("/v1/status", Token))!.Problems);
    }

    [Fact]
    public async Task Counters_are_there_before_what_they_count_happens()
    {
        await Host.StartSyncedAsync(Token);
        var metrics = await Host.MetricsAsync(Token);
        Assert.All(
            [
                "dhcphost_events_dropped_total 0", "dhcphost_limit_refusals_total{limit=\"networks\"} 0", "dhcphost_quarantines_total{kind=\"transient\"} 0",
                "dhcphost_plugin_swaps_total{result=\"refused\"} 0", "dhcphost_reconcile_total{result=\"error\"} 0",
            ],
            line => Assert.Contains($"\n{line}\n", metrics, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_that_starts_with_a_broken_network_file_or_without_the_directory_leaves_the_servers_alone()
    {
        var id = Host.NewNetworkId();
        Host.WriteNetwork(id, Host.NetworkToml());
        await Host.StartSyncedAsync(Token);
        _ = await Host.WaitForPhaseAsync(id, NetworkPhase.Ready, Token);
        var server = Assert.Single(Host.Servers(id));
        Assert.Equal(0, await Host.StopAsync(Token));

        Host.WriteNetwork(id, "bridge = \n");
        await Host.StartSyncedAsync(Token);

        _ = await Host.WaitForPhaseAsync(id, NetworkPhase.Ready, Token);
        Assert.Equal(server, Assert.Single(Host.Servers(id)));
        Assert.Contains($"networks/{id}.toml:1:", await Host.RunAsync(Token, "status"), StringComparison.Ordinal);
        Assert.Equal(0, await Host.StopAsync(Token));

        Directory.Move(Host.NetworksDirectory, Host.NetworksDirectory + ".away");
        await Host.StartSyncedAsync(Token);

        _ = await Host.WaitForPhaseAsync(id, NetworkPhase.Ready, Token);
        Assert.Equal(server, Assert.Single(Host.Servers(id)));
        Directory.Move(Host.NetworksDirectory + ".away", Host.NetworksDirectory);
    }

    [Fact]
    public async Task A_plan_tells_all_steps_of_a_new_network_and_what_it_could_not_read()
    {
        var (dnsmasq, inProcess) = (Host.NewNetworkId(), Host.NewNetworkId());
        Host.WriteNetwork(dnsmasq, Host.NetworkToml());
        Host.WriteNetwork(inProcess, "dhcp_driver = \"inprocess\"\n" + Host.NetworkToml());

        var plan = await Host.RunAsync(Token, "plan", "--summary");

        Assert.DoesNotContain("is not there", plan, StringComparison.Ordinal);
        Assert.All(
            new[] { $"start bridge {dnsmasq}", $"start dnsmasq {dnsmasq}", $"start bridge {inProcess}", $"start inprocess {inProcess}" },
            step => Assert.Contains($"\n  {step} ", plan, StringComparison.Ordinal));

        Host.WriteNetwork(inProcess, "broken");
        await FailsAsync($"networks/{inProcess}.toml:1:", "plan");
        await FailsAsync("There is no network 'nope'", "plan", "nope");
    }

    private async Task FailsAsync(string error, params string[] arguments)
    {
        var exception = await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => Host.RunAsync(Token, arguments));
        Assert.Contains("ended with 1: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(error, exception.Message, StringComparison.Ordinal);
    }
}

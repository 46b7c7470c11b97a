using System.Diagnostics;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Testing;

namespace DhcpHost.EndToEnd.Tests;

/// <summary>Starts, stops and restarts of the host, under which clients notice nothing.</summary>
public sealed class LifecycleTests : EndToEndTest
{
    [Fact]
    public async Task A_host_that_is_stopped_leaves_its_servers_and_the_next_one_adopts_them_untouched()
    {
        var ids = await StartWithNetworksAsync(5);
        var servers = Host.Servers();
        Assert.Equal(5, servers.Count);

        Assert.Equal(0, await Host.StopAsync(Token));
        Assert.Equal(servers, Host.Servers());
        await Host.StartSyncedAsync(Token);

        Assert.Equal(servers, Host.Servers());
        Assert.Equal(5, (await Host.EngineAsync(Token))!.AdoptedServers);
        foreach (var id in ids)
        {
            var status = await Host.WaitForPhaseAsync(id, NetworkPhase.Ready, Token);
            Assert.All(status.Servers, server => Assert.Equal(ApplyAction.Unchanged, server.LastAction));
        }
    }

    [Fact]
    public async Task A_change_made_while_the_host_was_down_is_served_after_its_start_and_touches_that_network_alone()
    {
        var ids = await StartWithNetworksAsync(3);
        var untouched = ids.Skip(1).SelectMany(id => Host.Servers(id)).Order().ToArray();
        await Host.KillAsync(Token);
        Host.WriteNetwork(ids[0], Host.NetworkToml(reservations: 4));

        await Host.StartSyncedAsync(Token);

        var changed = await Host.WaitForPhaseAsync(ids[0], NetworkPhase.Ready, Token);
        Assert.Contains(changed.Servers, server => server.LastAction is ApplyAction.Reloaded or ApplyAction.Restarted);
        Assert.Equal(untouched, ids.Skip(1).SelectMany(id => Host.Servers(id)).Order());
    }

    [Fact]
    public async Task Stop_servers_ends_them()
    {
        Host.WriteNetwork(Host.NewNetworkId(), Host.NetworkToml());
        Host.Start("--stop-servers");
        await Host.WaitSyncedAsync(Token);
        _ = Assert.Single(Host.Servers());

        Assert.Equal(0, await Host.StopAsync(Token));

        Assert.Empty(Host.Servers());
    }

    [Fact]
    public async Task A_second_instance_is_refused_and_the_first_runs_on()
    {
        _ = await StartWithNetworksAsync(1);
        using var second = Process.Start(new ProcessStartInfo(Product.Executable, ["--config", Host.ConfigPath, "run"]) { RedirectStandardError = true })!;

        var error = await second.StandardError.ReadToEndAsync(Token);
        await second.WaitForExitAsync(Token);

        Assert.Equal(75, second.ExitCode);
        Assert.Contains($"{Host.ProcessId}", error, StringComparison.Ordinal);
        _ = Assert.Single(Host.Servers());
    }

    private async Task<NetworkId[]> StartWithNetworksAsync(int count)
    {
        NetworkId[] ids = [.. Enumerable.Range(0, count).Select(_ => Host.NewNetworkId())];
        foreach (var id in ids)
        {
            Host.WriteNetwork(id, Host.NetworkToml());
        }

        await Host.StartSyncedAsync(Token);
        foreach (var id in ids)
        {
            _ = await Host.WaitForPhaseAsync(id, NetworkPhase.Ready, Token);
        }

        await Eventually.TrueAsync(() => Host.Servers().Count == count, HostProcess.Deadline, Token);
        return ids;
    }
}

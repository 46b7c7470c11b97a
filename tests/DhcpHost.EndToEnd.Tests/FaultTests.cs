using System.Diagnostics;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Testing;

namespace DhcpHost.EndToEnd.Tests;

/// <summary>What goes wrong on a host's machine, and what the host makes of it.</summary>
public sealed class FaultTests : EndToEndTest
{
    private const int KillRounds = 50;
    private const int RetryAttempts = 20;

    // Quick retries, so that twenty deaths fit into a test.
    private const string Limits = """
        [limits]
        retry_delay_min = "20ms"
        retry_delay_max = "100ms"
        retry_attempts = 20
        """;

    public FaultTests()
        : base(Limits)
    {
    }

    [Fact]
    public async Task A_host_killed_at_any_point_of_its_work_converges_after_the_next_start_without_duplicate_or_orphan()
    {
        NetworkId[] ids = [.. Enumerable.Range(0, 6).Select(_ => Host.NewNetworkId())];
        var random = new Random(20261122);
        for (var round = 0; round < KillRounds; round++)
        {
            // Networks come, change and go between the rounds, so that each kill meets starts, reloads and removals.
            foreach (var id in ids)
            {
                if (random.Next(3) == 0)
                {
                    Host.DeleteNetwork(id);
                }
                else
                {
                    Host.WriteNetwork(id, Host.NetworkToml(random.Next(1, 4)));
                }
            }

            Host.Start();
            await Task.Delay(random.Next(50, 900), Token);
            await Host.KillAsync(Token);
            AssertNoDuplicates(ids);
        }

        foreach (var id in ids.Skip(1))
        {
            Host.WriteNetwork(id, Host.NetworkToml(2));
        }

        Host.DeleteNetwork(ids[0]);
        await Host.StartSyncedAsync(Token);
        foreach (var id in ids.Skip(1))
        {
            _ = await Host.WaitForPhaseAsync(id, NetworkPhase.Ready, Token);
            Assert.Single(Host.Servers(id));
        }

        // What the deleted network left is swept away: at once, or by the sweep that an operator runs here instead of waiting for its time.
        await Host.RunAsync(Token, "jobs", "run", "orphan-sweep");
        await Eventually.TrueAsync(() => Host.Servers(ids[0]).Count == 0 && !Lab.Namespaces.Exists($"qdhcp-{ids[0]}"), HostProcess.Deadline, Token);
        Assert.Equal(ids.Length - 1, Host.Servers().Count);
    }

    [Fact]
    public async Task A_server_that_dies_is_back_at_once_and_one_that_keeps_dying_is_quarantined_while_others_are_untouched()
    {
        var (dying, other) = (Host.NewNetworkId(), Host.NewNetworkId());
        Host.WriteNetwork(dying, Host.NetworkToml());
        Host.WriteNetwork(other, Host.NetworkToml());
        await Host.StartSyncedAsync(Token);
        var untouched = Host.Servers(other);

        var kills = 0;
        while (kills <= RetryAttempts)
        {
            var victim = 0;
            await Eventually.TrueAsync(
                async () =>
                {
                    var phase = (await Host.StatusAsync(dying, Token))?.Phase;
                    victim = phase == NetworkPhase.Ready && Host.Servers(dying) is [var only] ? only : 0;
                    return victim != 0 || phase == NetworkPhase.Quarantined;
                },
                HostProcess.Deadline, Token);
            if (victim == 0)
            {
                break;
            }

            Kill(victim);
            kills++;
            await Eventually.TrueAsync(() => !Host.Servers(dying).Contains(victim), HostProcess.Deadline, Token);
        }

        // As often as the limits say: each death but the last was followed by another server.
        Assert.Equal(RetryAttempts, kills);
        var status = await Host.WaitForPhaseAsync(dying, NetworkPhase.Quarantined, Token);
        Assert.False(string.IsNullOrEmpty(status.Message));
        Assert.Equal(untouched, Host.Servers(other));
        Assert.Equal(NetworkPhase.Ready, (await Host.StatusAsync(other, Token))!.Phase);

        await Host.RunAsync(Token, "resync", dying.Value);
        _ = await Host.WaitForPhaseAsync(dying, NetworkPhase.Ready, Token);
        Assert.Single(Host.Servers(dying));
    }

    [Fact]
    public async Task A_corrupt_state_file_is_put_aside_and_the_servers_are_found_again_untouched()
    {
        var id = Host.NewNetworkId();
        Host.WriteNetwork(id, Host.NetworkToml());
        await Host.StartSyncedAsync(Token);
        var servers = Host.Servers();
        await Host.KillAsync(Token);
        var database = Directory.EnumerateFiles(Host.StateDirectory, "*.db").Single();
        foreach (var file in Directory.EnumerateFiles(Host.StateDirectory, Path.GetFileName(database) + "*"))
        {
            await File.WriteAllBytesAsync(file, "This is no database."u8.ToArray(), Token);
        }

        await Host.StartSyncedAsync(Token);

        _ = await Host.WaitForPhaseAsync(id, NetworkPhase.Ready, Token);
        Assert.Equal(servers, Host.Servers());
        var events = await Host.TryGetAsync<HostEvent[]>("/v1/events?count=100", Token);
        Assert.Contains(events!, item => item.Kind.StartsWith("state.", StringComparison.Ordinal) && item.Severity != EventSeverity.Info);
    }

    [Fact]
    public async Task A_lost_state_file_leaves_networks_of_the_in_process_driver_served_with_their_leases()
    {
        var id = Host.NewNetworkId();
        Host.WriteNetwork(id, "dhcp_driver = \"inprocess\"\n" + Host.NetworkToml());
        await Host.StartSyncedAsync(Token);
        using var station = await AddStationAsync(Host.Bridge, "fa:16:3e:77:00:02");
        await using var client = new Testing.Lab.UdhcpcClient(Lab, station);
        var lease = await client.LeaseAsync(Token);
        await Host.KillAsync(Token);
        foreach (var file in Directory.EnumerateFiles(Host.StateDirectory, "*.db*"))
        {
            File.Delete(file);
        }

        await Host.StartSyncedAsync(Token);

        var status = await Host.WaitForPhaseAsync(id, NetworkPhase.Ready, Token);
        Assert.Equal(0, status.FailedAttempts);
        Assert.DoesNotContain(
            (await Host.TryGetAsync<HostEvent[]>("/v1/events?count=100", Token))!, item => item.Kind is "server.unproven" or "network.retrying");
        await using var again = new Testing.Lab.UdhcpcClient(Lab, station);
        Assert.Equal(lease.Address, (await again.LeaseAsync(Token)).Address);
    }

    [Fact]
    public async Task A_namespace_deleted_behind_the_hosts_back_is_made_anew_with_a_server_in_it()
    {
        var id = Host.NewNetworkId();
        Host.WriteNetwork(id, Host.NetworkToml());
        await Host.StartSyncedAsync(Token);
        var before = Host.Servers(id).Single();

        Assert.True(Lab.Namespaces.Delete($"qdhcp-{id}"));

        await Eventually.TrueAsync(
            () => Lab.Namespaces.Exists($"qdhcp-{id}") && Host.Servers(id) is [var now] && now != before, HostProcess.Deadline, Token);
        _ = await Host.WaitForPhaseAsync(id, NetworkPhase.Ready, Token);
        using var station = await AddStationAsync(Host.Bridge, "fa:16:3e:77:00:01");
        await using var client = new Testing.Lab.UdhcpcClient(Lab, station);
        Assert.NotNull((await client.LeaseAsync(Token)).Address);
    }

    [Fact]
    public async Task A_foreign_process_with_the_recorded_pid_is_left_alone()
    {
        var id = Host.NewNetworkId();
        Host.WriteNetwork(id, Host.NetworkToml());
        await Host.StartSyncedAsync(Token);
        await Host.KillAsync(Token);
        var server = Host.Servers(id).Single();
        Kill(server);
        // Until its parent has reaped it, too: before that the kernel gives its pid to nobody.
        await Eventually.TrueAsync(() => !Directory.Exists($"/proc/{server}"), HostProcess.Deadline, Token);

        using var foreign = await StartWithPidAsync(server);
        try
        {
            await Host.StartSyncedAsync(Token);
            _ = await Host.WaitForPhaseAsync(id, NetworkPhase.Ready, Token);

            Assert.False(foreign.HasExited);
            Assert.NotEqual(foreign.Id, Host.Servers(id).Single());
        }
        finally
        {
            foreign.Kill();
        }
    }

    // The kernel gives the next process the pid that follows the last one: a shell tries until no other process or thread was faster.
    private static async Task<Process> StartWithPidAsync(int pid)
    {
        var script = $$"""
            for attempt in $(seq 1000); do
              echo {{pid - 1}} > /proc/sys/kernel/ns_last_pid
              sleep 600 < /dev/null > /dev/null 2>&1 &
              [ $! != {{pid}} ] || exit 0
              kill $!
            done
            exit 1
            """;
        using var shell = Process.Start("bash", ["-c", script]);
        await shell.WaitForExitAsync(Token);
        Assert.True(shell.ExitCode == 0, $"No process could be given the pid {pid}.");
        return Process.GetProcessById(pid);
    }

    private static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    private void AssertNoDuplicates(NetworkId[] ids) =>
        Assert.All(ids, id => Assert.True(Host.Servers(id).Count <= 1, $"{id} has {Host.Servers(id).Count} servers"));
}

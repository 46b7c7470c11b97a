using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Jobs;
using DhcpHost.Testing;

namespace DhcpHost.EndToEnd.Tests;

/// <summary>Jobs of a running host: by command, on a schedule, and with a schedule that changes.</summary>
public sealed class JobTests : EndToEndTest
{
    private const string Job = "count-networks";

    public JobTests()
        : base($"""
            [engine]
            orphan_grace_time = "1s"

            [jobs.{Job}]
            script = "{Job}"
            every = "6h"
            """)
    {
    }

    [Fact]
    public async Task A_job_script_runs_by_command_and_sees_the_networks()
    {
        Host.WriteScript($"jobs/{Job}", """Host.Record("counted", $"{Host.Networks.Count} networks: {Host.Networks[0].Phase}");""");
        await StartReadyAsync(Host.NewNetworkId());

        await Host.RunAsync(Token, "jobs", "run", Job);

        var counted = await Host.WaitForEventAsync("job.counted", _ => true, Token);
        Assert.Equal("1 networks: Ready", counted.Message);
        var status = await JobAsync();
        Assert.Equal((1, 0, false), (status.Runs, status.FailedRuns, status.LastFailed));
        Assert.Contains(Job, await Host.RunAsync(Token, "jobs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reload_changes_the_schedule_of_a_job_which_then_runs_by_itself()
    {
        Host.WriteScript($"jobs/{Job}", """Host.Record("counted", "once more");""");
        await StartReadyAsync(Host.NewNetworkId());
        var before = await JobAsync();
        Assert.Equal(0, before.Runs);

        Host.EditConfig("every = \"6h\"", "every = \"1s\"");
        Host.Signal("HUP");

        var reloaded = await Host.WaitForEventAsync("config.reloaded", _ => true, Token);
        Assert.Contains(Job, reloaded.Message, StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => (await JobAsync()).Runs >= 2, HostProcess.Deadline, Token);
        Assert.NotEqual(before.Schedule, (await JobAsync()).Schedule);

        Host.EditConfig("every = \"1s\"", "evry = \"1s\"");
        Host.Signal("HUP");

        var refused = await Host.WaitForEventAsync("config.refused", _ => true, Token);
        Assert.Contains("every", refused.Message, StringComparison.Ordinal);
        var runs = (await JobAsync()).Runs;
        await Eventually.TrueAsync(async () => (await JobAsync()).Runs > runs, HostProcess.Deadline, Token);
    }

    [Fact]
    public async Task The_orphan_sweep_removes_what_is_ours_and_belongs_to_no_network_and_nothing_else()
    {
        var (stays, orphan) = (Host.NewNetworkId(), Host.NewNetworkId());
        await StartReadyAsync(stays, orphan);
        var untouched = Host.Servers(stays);
        await Host.KillAsync(Token);

        // Neither a network nor a stored handle speaks of it any more; another program's namespace only looks like one of ours.
        Host.DeleteNetwork(orphan);
        foreach (var file in Directory.EnumerateFiles(Host.StateDirectory, "state.db*"))
        {
            File.Delete(file);
        }

        var foreign = "qdhcp-" + Lab.NewName("f");
        using var foreignNamespace = await Lab.Namespaces.CreateAsync(foreign, Token);
        await Host.StartSyncedAsync(Token);

        await Eventually.TrueAsync(
            async () =>
            {
                await Host.RunAsync(Token, "jobs", "run", "orphan-sweep");
                return Host.Servers(orphan).Count == 0 && !Lab.Namespaces.Exists($"qdhcp-{orphan}");
            },
            HostProcess.Deadline, Token, "the orphan is gone");

        Assert.True(Lab.Namespaces.Exists(foreign));
        Assert.Equal(untouched, Host.Servers(stays));
        _ = await Host.WaitForPhaseAsync(stays, NetworkPhase.Ready, Token);
    }

    private async Task<JobStatus> JobAsync() => (await Host.TryGetAsync<JobStatus[]>("/v1/jobs", Token))!.Single(job => job.Name == Job);

    private async Task StartReadyAsync(params NetworkId[] ids)
    {
        foreach (var id in ids)
        {
            Host.WriteNetwork(id, Host.NetworkToml());
        }

        await Host.StartSyncedAsync(Token);
        foreach (var id in ids)
        {
            _ = await Host.WaitForPhaseAsync(id, NetworkPhase.Ready, Token);
        }
    }
}

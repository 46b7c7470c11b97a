using System.Text.Json.Nodes;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Testing;

namespace DhcpHost.Plugin.HaProxy.Tests;

/// <summary>What is haproxy's own, with real processes.</summary>
public sealed class HaProxyDriverTests : IAsyncLifetime
{
    private HaProxySubject? _subject;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private HaProxySubject Subject => _subject!;

    public ValueTask InitializeAsync()
    {
        _subject = new();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await Subject.DisposeAsync();

    [Fact]
    public async Task An_unchanged_plan_leaves_the_process_and_the_file_alone_also_when_ports_change()
    {
        var plan = await Subject.NewPlanAsync("n1", Stop);
        var handle = (await Subject.Driver.ApplyAsync(plan, null, Stop)).Handle;
        var before = (Assert.Single(Subject.ProcessesOf(plan.Server)).Pid, File.GetLastWriteTimeUtc(Subject.ConfigOf(plan.Server)));

        var result = await Subject.Driver.ApplyAsync(plan with { Network = plan.Network with { Ports = [LabMetadataSubject.Instance(9)] } }, handle, Stop);

        Assert.Equal(ApplyAction.Unchanged, result.Action);
        Assert.Equal(before, (Assert.Single(Subject.ProcessesOf(plan.Server)).Pid, File.GetLastWriteTimeUtc(Subject.ConfigOf(plan.Server))));
    }

    [Fact]
    public async Task A_change_of_the_configuration_is_a_restart_during_which_every_request_is_answered()
    {
        var plan = await Subject.NewPlanAsync("n1", Stop);
        var instance = await Subject.NewInstanceAsync(plan, 7, Stop);
        var handle = (await Subject.Driver.ApplyAsync(plan, null, Stop)).Handle;
        var first = Assert.Single(Subject.ProcessesOf(plan.Server)).Pid;
        using var enough = new CancellationTokenSource();
        var asking = AskAsync(instance, enough.Token);

        for (var round = 0; round < 4; round++)
        {
            var changed = plan with { RouterId = round % 2 == 0 ? "r1" : null };
            var result = await Subject.Driver.ApplyAsync(changed, handle, Stop);
            Assert.Equal((ApplyAction.Restarted, "its configuration changed"), (result.Action, Assert.Single(result.Reasons)));
            handle = result.Handle;
        }

        await enough.CancelAsync();
        var answers = await asking;
        Assert.NotEmpty(answers);
        Assert.All(answers, answer => Assert.Equal("200", answer));
        Assert.NotEqual(first, Assert.Single(Subject.ProcessesOf(plan.Server)).Pid);
    }

    [Fact]
    public async Task A_proxy_keeps_within_the_hosts_limits_and_runs_on()
    {
        var plan = await Subject.NewPlanAsync("n1", Stop) with { Limits = new() { MemoryBytes = 256 << 20, OpenFiles = 1024 } };
        var instance = await Subject.NewInstanceAsync(plan, 7, Stop);

        _ = await Subject.Driver.ApplyAsync(plan, null, Stop);

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("200", await Subject.StatusAsync(instance, Stop));
        }

        var limits = await File.ReadAllLinesAsync($"/proc/{Assert.Single(Subject.ProcessesOf(plan.Server)).Pid}/limits", Stop);
        Assert.Contains(limits, line => line.StartsWith("Max open files", StringComparison.Ordinal) && line.Contains(" 1024 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_proxy_that_dies_is_told_of_and_started_anew()
    {
        var plan = await Subject.NewPlanAsync("n1", Stop);
        var handle = (await Subject.Driver.ApplyAsync(plan, null, Stop)).Handle;
        await using var events = Subject.Driver.WatchAsync(Stop).GetAsyncEnumerator(Stop);
        Assert.True(await events.MoveNextAsync());
        var next = events.MoveNextAsync();

        using (var process = Subject.Lab.Watcher.Adopt(Assert.Single(Subject.ProcessesOf(plan.Server))).Process!)
        {
            _ = await process.TerminateAsync(TimeSpan.Zero, Stop);
        }

        Assert.True(await next);
        Assert.Equal(plan.Server, Assert.IsType<DriverEvent.ServerExited>(events.Current).Server);
        Assert.Equal(ApplyAction.Started, (await Subject.Driver.ApplyAsync(plan, handle, Stop)).Action);
        _ = Assert.Single(Subject.ProcessesOf(plan.Server));
    }

    [Fact]
    public async Task A_proxy_that_Neutrons_agent_started_is_adopted_as_it_is()
    {
        var plan = await Subject.NewPlanAsync("n1", Stop);
        var instance = await Subject.NewInstanceAsync(plan, 7, Stop);
        _ = await Subject.Driver.ApplyAsync(plan, null, Stop);
        using (var ours = Subject.Lab.Watcher.Adopt(Assert.Single(Subject.ProcessesOf(plan.Server))).Process!)
        {
            _ = await ours.TerminateAsync(TimeSpan.Zero, Stop);
        }

        // The agent's pid file is elsewhere; all else is the same.
        var config = Subject.ConfigOf(plan.Server);
        var text = await File.ReadAllTextAsync(config, Stop);
        await File.WriteAllTextAsync(
            config, text.Replace(Path.ChangeExtension(config, ".pid"), Path.Combine(Subject.Home, "agents.pid"), StringComparison.Ordinal), Stop);
        using var ns = Subject.Lab.Namespaces.Open(plan.Interface.Namespace);
        _ = await Subject.Lab.RunAsync(ns, ["/usr/sbin/haproxy", "-f", config], Stop);
        var pid = Assert.Single(Subject.ProcessesOf(plan.Server)).Pid;
        await Subject.RestartHostAsync();

        Assert.Equal(ApplyAction.Unchanged, (await Subject.Driver.ApplyAsync(plan, null, Stop)).Action);
        Assert.Equal(pid, Assert.Single(Subject.ProcessesOf(plan.Server)).Pid);
        Assert.Equal("200", await Subject.StatusAsync(instance, Stop));
    }

    [Fact]
    public async Task What_cannot_be_proved_ours_is_foreign_and_is_not_touched()
    {
        var plan = await Subject.NewPlanAsync("n1", Stop);
        var handle = (await Subject.Driver.ApplyAsync(plan, null, Stop)).Handle;
        using (var ours = Subject.Lab.Watcher.Adopt(Assert.Single(Subject.ProcessesOf(plan.Server))).Process!)
        {
            _ = await ours.TerminateAsync(TimeSpan.Zero, Stop);
        }

        var sleeper = await Subject.Lab.SpawnSleeperAsync(Stop);
        var state = JsonNode.Parse(handle.State)!;
        state["identity"]!["pid"] = sleeper.Identity.Pid;
        state["identity"]!["start_time"] = sleeper.Identity.StartTime;
        var foreign = handle with { State = state.ToJsonString() };
        await Subject.RestartHostAsync();

        Assert.Equal(RecoverOutcome.Foreign, (await Subject.Driver.RecoverAsync(foreign, Stop)).Outcome);
        Assert.Equal(InspectState.Foreign, (await Subject.Driver.InspectAsync(foreign, Stop)).State);
        await Subject.Driver.RemoveAsync(foreign, RemoveReason.NetworkGone, Stop);
        Assert.False(sleeper.HasExited);
    }

    [Fact]
    public async Task A_configuration_that_HAProxy_refuses_leaves_the_running_proxy_and_its_file_alone()
    {
        var plan = await Subject.NewPlanAsync("n1", Stop);
        var instance = await Subject.NewInstanceAsync(plan, 7, Stop);
        var handle = (await Subject.Driver.ApplyAsync(plan, null, Stop)).Handle;
        var text = await File.ReadAllTextAsync(Subject.ConfigOf(plan.Server), Stop);
        Subject.Options.MetadataProxySocket = $"/{new string('x', 200)}";

        var failure = await Assert.ThrowsAsync<Abstractions.Failures.DhcpHostException>(() => Subject.Driver.ApplyAsync(plan, handle, Stop));

        Assert.Equal(Abstractions.Failures.FailureKind.Invalid, failure.Kind);
        Assert.Equal(text, await File.ReadAllTextAsync(Subject.ConfigOf(plan.Server), Stop));
        Assert.Equal("200", await Subject.StatusAsync(instance, Stop));
    }

    [Fact]
    public async Task A_client_that_asks_too_often_is_told_so_over_both_IP_versions()
    {
        (Subject.Options.RateLimitEnabled, Subject.Options.IpVersions) = (true, [4, 6]);
        (Subject.Options.BaseQueryRateLimit, Subject.Options.BurstQueryRateLimit) = (5, 3);
        Subject.Options.BaseWindowDuration = Subject.Options.BurstWindowDuration = TimeSpan.FromHours(1);
        var plan = await Subject.NewPlanAsync("n1", Stop);
        var instance = await Subject.NewInstanceAsync(plan, 7, Stop);
        await instance.WaitForLinkLocalAsync(Stop);
        _ = await Subject.Driver.ApplyAsync(plan, null, Stop);

        foreach (var url in new[] { "http://169.254.169.254/", "http://[fe80::a9fe:a9fe%25eth0]/" })
        {
            foreach (var status in new[] { "200", "200", "200", "429" })
            {
                Assert.Equal(status, (await Subject.CurlAsync(instance, Stop, "-o", "/dev/null", "-w", "%{http_code}", url)).Output);
            }
        }
    }

    [Fact]
    public async Task An_apply_that_is_cancelled_at_any_time_leaves_what_the_next_one_puts_right()
    {
        var plan = await Subject.NewPlanAsync("n1", Stop);
        var random = new Random(20);
        for (var round = 0; round < 12; round++)
        {
            var wanted = plan with { RouterId = round % 2 == 0 ? null : $"r{round}" };
            using (var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop))
            {
                cancel.CancelAfter(TimeSpan.FromMilliseconds(random.NextDouble() * 80));
                try
                {
                    _ = await Subject.Driver.ApplyAsync(wanted, null, cancel.Token);
                }
                catch (OperationCanceledException) when (!Stop.IsCancellationRequested)
                {
                    // That is what is tested.
                }
            }

            if (round % 3 == 0)
            {
                await Subject.RestartHostAsync();
            }

            var result = await Subject.Driver.ApplyAsync(wanted, null, Stop);
            await Eventually.TrueAsync(() => Subject.ProcessesOf(plan.Server).Count == 1, cancellationToken: Stop);
            Assert.Equal(ApplyAction.Unchanged, (await Subject.Driver.ApplyAsync(wanted, result.Handle, Stop)).Action);
        }
    }

    private async Task<List<string>> AskAsync(Testing.Lab.LabStation instance, CancellationToken enough)
    {
        var answers = new List<string>();
        while (!enough.IsCancellationRequested)
        {
            answers.Add(await Subject.StatusAsync(instance, Stop));
        }

        return answers;
    }
}

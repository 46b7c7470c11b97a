using System.Text.Json;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Testing;
using Xunit;

namespace DhcpHost.DriverConformance.Suite;

/// <summary>What every DHCP driver keeps to, whatever server it runs. A driver's test project derives from it.</summary>
public abstract class DhcpDriverContractTests : DhcpDriverTests<DhcpDriverSubject>
{
    private const int MaxHandleBytes = 64 * 1024;

    /// <summary>A plan on an interface of its own.</summary>
    protected async Task<DhcpPlan> NewPlanAsync(string network, params Port[] ports) =>
        SamplePlans.Make(network, await Subject.NewInterfaceAsync(SamplePlans.ServerAddresses, Stop), null, ports);

    [Fact]
    public async Task Apply_starts_a_server_and_then_leaves_it_alone()
    {
        var plan = await NewPlanAsync("n1");

        var first = await Driver.ApplyAsync(plan, null, Stop);
        var before = await Driver.InspectAsync(first.Handle, Stop);
        var second = await Driver.ApplyAsync(plan, first.Handle, Stop);
        var after = await Driver.InspectAsync(second.Handle, Stop);

        Assert.Equal(ApplyAction.Started, first.Action);
        Assert.NotEmpty(first.Reasons);
        Assert.Equal(ApplyAction.Unchanged, second.Action);
        Assert.Empty(second.Reasons);
        Assert.Equal(InspectState.Running, after.State);
        Assert.Equal(before.ProcessId, after.ProcessId);
        Assert.Equal(1, Subject.CountServers(plan.Server));
    }

    [Fact]
    public async Task Apply_of_a_changed_network_changes_the_server_and_says_why()
    {
        var plan = await NewPlanAsync("n1");
        var first = await Driver.ApplyAsync(plan, null, Stop);

        var changed = await Driver.ApplyAsync(plan.WithPorts(SamplePlans.Port(7)), first.Handle, Stop);
        var again = await Driver.ApplyAsync(plan.WithPorts(SamplePlans.Port(7)), changed.Handle, Stop);

        Assert.True(changed.Action is ApplyAction.Reloaded or ApplyAction.Restarted, $"{changed.Action}");
        Assert.True(changed.Action is ApplyAction.Reloaded || !Driver.Capabilities.HotReload, "a driver that reloads has no need of a restart for a port");
        Assert.NotEmpty(changed.Reasons);
        Assert.Equal(ApplyAction.Unchanged, again.Action);
        Assert.Equal(1, Subject.CountServers(plan.Server));
    }

    [Fact]
    public async Task A_handle_is_for_its_server_short_and_survives_being_stored()
    {
        var plan = await NewPlanAsync("n1");
        var handle = (await Driver.ApplyAsync(plan, null, Stop)).Handle;

        var stored = JsonSerializer.Deserialize<DriverHandle>(JsonSerializer.Serialize(handle, ModelJson.Options), ModelJson.Options)!;

        Assert.Equal(handle, stored);
        Assert.Equal(Driver.Info.Id, handle.DriverId);
        Assert.Equal(plan.Server, handle.Server);
        Assert.True(handle.State.Length <= MaxHandleBytes);
        Assert.Equal(ApplyAction.Unchanged, (await Driver.ApplyAsync(plan, stored, Stop)).Action);
    }

    [Fact]
    public async Task Preview_touches_nothing_and_tells_what_apply_then_does()
    {
        var plan = await NewPlanAsync("n1");

        var first = await Driver.PreviewAsync(plan, null, Stop);
        Assert.Equal(ApplyAction.Started, first.Action);
        Assert.Equal(0, Subject.CountServers(plan.Server));
        Assert.Empty(await Driver.DiscoverAsync(Stop));

        var handle = (await Driver.ApplyAsync(plan, null, Stop)).Handle;
        Assert.Equal(ApplyAction.Unchanged, (await Driver.PreviewAsync(plan, handle, Stop)).Action);

        var changed = plan.WithPorts(SamplePlans.Port(7));
        var preview = await Driver.PreviewAsync(changed, handle, Stop);
        Assert.Equal(preview.Action, (await Driver.PreviewAsync(changed, handle, Stop)).Action);
        Assert.Equal(InspectState.Running, (await Driver.InspectAsync(handle, Stop)).State);
        Assert.Equal(preview.Action, (await Driver.ApplyAsync(changed, handle, Stop)).Action);
    }

    [Fact]
    public async Task After_a_restart_of_the_host_a_server_is_recovered_and_not_touched()
    {
        var plan = await NewPlanAsync("n1", SamplePlans.Port(7));
        var handle = (await Driver.ApplyAsync(plan, null, Stop)).Handle;
        var before = await Driver.InspectAsync(handle, Stop);

        Subject.RestartHost();

        Assert.Equal(RecoverOutcome.Recovered, (await Driver.RecoverAsync(handle, Stop)).Outcome);
        Assert.Equal(RecoverOutcome.Recovered, (await Driver.RecoverAsync(handle, Stop)).Outcome);
        Assert.Equal(ApplyAction.Unchanged, (await Driver.ApplyAsync(plan, handle, Stop)).Action);
        Assert.Equal(before.ProcessId, (await Driver.InspectAsync(handle, Stop)).ProcessId);
        Assert.Equal(1, Subject.CountServers(plan.Server));
    }

    [Fact]
    public async Task Without_a_handle_a_server_that_runs_is_taken_over()
    {
        var plan = await NewPlanAsync("n1", SamplePlans.Port(7));
        var before = await Driver.InspectAsync((await Driver.ApplyAsync(plan, null, Stop)).Handle, Stop);

        Subject.RestartHost();
        var taken = await Driver.ApplyAsync(plan, null, Stop);

        // What ended with the host cannot be taken over: it is started, from what the driver kept.
        Assert.Equal(Driver.Capabilities.SurvivesHostRestart ? ApplyAction.Unchanged : ApplyAction.Started, taken.Action);
        Assert.Equal(before.ProcessId, (await Driver.InspectAsync(taken.Handle, Stop)).ProcessId);
        Assert.Equal(1, Subject.CountServers(plan.Server));
    }

    [Fact]
    public async Task A_server_that_went_while_the_host_was_away_is_gone_and_is_started_anew()
    {
        var plan = await NewPlanAsync("n1");
        var handle = (await Driver.ApplyAsync(plan, null, Stop)).Handle;

        await Subject.KillServerAsync(plan.Server, Stop);
        Subject.RestartHost();

        Assert.Equal(RecoverOutcome.Gone, (await Driver.RecoverAsync(handle, Stop)).Outcome);
        Assert.Equal(InspectState.Missing, (await Driver.InspectAsync(handle, Stop)).State);
        Assert.Equal(ApplyAction.Started, (await Driver.ApplyAsync(plan, handle, Stop)).Action);
        Assert.Equal(1, Subject.CountServers(plan.Server));
    }

    [Fact]
    public async Task What_cannot_be_proved_ours_is_foreign_and_is_not_touched()
    {
        var plan = await NewPlanAsync("n1");
        var handle = (await Driver.ApplyAsync(plan, null, Stop)).Handle;

        var (foreign, lives) = await Subject.ReplaceByForeignAsync(handle, Stop);
        Subject.RestartHost();

        Assert.Equal(RecoverOutcome.Foreign, (await Driver.RecoverAsync(foreign, Stop)).Outcome);
        Assert.Equal(InspectState.Foreign, (await Driver.InspectAsync(foreign, Stop)).State);
        await Driver.RemoveAsync(foreign, RemoveReason.NetworkGone, Stop);
        Assert.True(lives());
    }

    [Fact]
    public async Task A_watch_tells_health_first_and_then_a_server_that_ended()
    {
        var plan = await NewPlanAsync("n1");
        var handle = (await Driver.ApplyAsync(plan, null, Stop)).Handle;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        deadline.CancelAfter(Eventually.DefaultDeadline);
        await using var events = Driver.WatchAsync(deadline.Token).GetAsyncEnumerator(deadline.Token);

        Assert.True(await events.MoveNextAsync());
        Assert.True(Assert.IsType<DriverEvent.HealthChanged>(events.Current).Health.IsHealthy);
        var next = events.MoveNextAsync();
        await Subject.KillServerAsync(plan.Server, Stop);
        Assert.True(await next);

        Assert.Equal(plan.Server, Assert.IsType<DriverEvent.ServerExited>(events.Current).Server);
        Assert.Equal(ApplyAction.Started, (await Driver.ApplyAsync(plan, handle, Stop)).Action);
        Assert.Equal(1, Subject.CountServers(plan.Server));
    }

    [Fact]
    public async Task A_server_that_is_removed_is_no_exit()
    {
        var gone = await NewPlanAsync("n1");
        var killed = await NewPlanAsync("n2");
        var handle = (await Driver.ApplyAsync(gone, null, Stop)).Handle;
        _ = await Driver.ApplyAsync(killed, null, Stop);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        deadline.CancelAfter(Eventually.DefaultDeadline);
        await using var events = Driver.WatchAsync(deadline.Token).GetAsyncEnumerator(deadline.Token);
        Assert.True(await events.MoveNextAsync());

        var next = events.MoveNextAsync();
        await Driver.RemoveAsync(handle, RemoveReason.NetworkGone, Stop);
        await Subject.KillServerAsync(killed.Server, Stop);

        Assert.True(await next);
        Assert.Equal(killed.Server, Assert.IsType<DriverEvent.ServerExited>(events.Current).Server);
    }

    [Theory]
    [InlineData(RemoveReason.NetworkGone)]
    [InlineData(RemoveReason.Disabled)]
    public async Task Remove_ends_the_server_and_may_be_repeated(RemoveReason reason)
    {
        var plan = await NewPlanAsync("n1");
        var handle = (await Driver.ApplyAsync(plan, null, Stop)).Handle;

        await Driver.RemoveAsync(handle, reason, Stop);
        await Driver.RemoveAsync(handle, reason, Stop);

        Assert.Equal(0, Subject.CountServers(plan.Server));
        Assert.Equal(InspectState.Missing, (await Driver.InspectAsync(handle, Stop)).State);
        Assert.Equal(RecoverOutcome.Gone, (await Driver.RecoverAsync(handle, Stop)).Outcome);
        Assert.Equal(ApplyAction.Started, (await Driver.ApplyAsync(plan, handle, Stop)).Action);
        Assert.Equal(1, Subject.CountServers(plan.Server));
    }

    [Fact]
    public async Task Discover_finds_what_runs_also_after_a_restart_of_the_host_and_nothing_that_was_removed()
    {
        var one = await NewPlanAsync("n1");
        var two = await NewPlanAsync("n2");
        _ = await Driver.ApplyAsync(one, null, Stop);
        _ = await Driver.ApplyAsync(two, null, Stop);

        Subject.RestartHost();
        var found = await Driver.DiscoverAsync(Stop);

        Assert.Equal([one.Server, two.Server], found.Select(handle => handle.Server).OrderBy(server => server.NetworkId));
        foreach (var handle in found)
        {
            // All that a host has whose state file is lost.
            Assert.NotEqual(RecoverOutcome.Foreign, (await Driver.RecoverAsync(handle, Stop)).Outcome);
            var plan = handle.Server == one.Server ? one : two;
            _ = await Driver.ApplyAsync(plan, handle, Stop);
            Assert.Equal(1, Subject.CountServers(plan.Server));
            await Driver.RemoveAsync(handle, RemoveReason.NetworkGone, Stop);
        }

        Assert.Empty(await Driver.DiscoverAsync(Stop));
        Assert.Equal(0, Subject.CountServers(one.Server) + Subject.CountServers(two.Server));
    }

    [Fact]
    public async Task Networks_with_the_same_subnet_and_segments_of_one_network_have_servers_of_their_own()
    {
        var one = await NewPlanAsync("n1");
        var other = await NewPlanAsync("n2");
        var segment = (await NewPlanAsync("n1")) with { Server = new(new("n1"), new SegmentId("g1")) };

        var results = await Task.WhenAll(new[] { one, other, segment }.Select(plan => Driver.ApplyAsync(plan, null, Stop)));

        Assert.All(results, result => Assert.Equal(ApplyAction.Started, result.Action));
        Assert.All(new[] { one, other, segment }, plan => Assert.Equal(1, Subject.CountServers(plan.Server)));
        await Driver.RemoveAsync(results[0].Handle, RemoveReason.NetworkGone, Stop);
        Assert.Equal(0, Subject.CountServers(one.Server));
        Assert.Equal(1, Subject.CountServers(segment.Server));
        Assert.Equal(ApplyAction.Unchanged, (await Driver.ApplyAsync(segment, results[2].Handle, Stop)).Action);
    }

    [Fact]
    public async Task Many_servers_are_applied_changed_and_removed_at_once()
    {
        const int count = 8;
        var plans = new List<DhcpPlan>();
        for (var i = 0; i < count; i++)
        {
            plans.Add(await NewPlanAsync($"n{i}"));
        }

        var started = await Task.WhenAll(plans.Select(plan => Driver.ApplyAsync(plan, null, Stop)));
        var changed = await Task.WhenAll(plans.Zip(started, (plan, result) => Driver.ApplyAsync(plan.WithPorts(SamplePlans.Port(7)), result.Handle, Stop)));
        Assert.All(plans, plan => Assert.Equal(1, Subject.CountServers(plan.Server)));
        await Task.WhenAll(changed.Select(result => Driver.RemoveAsync(result.Handle, RemoveReason.NetworkGone, Stop)));

        Assert.All(started, result => Assert.Equal(ApplyAction.Started, result.Action));
        Assert.All(changed, result => Assert.NotEqual(ApplyAction.Unchanged, result.Action));
        Assert.All(plans, plan => Assert.Equal(0, Subject.CountServers(plan.Server)));
    }

    [Fact]
    public async Task An_apply_that_is_cancelled_at_any_time_leaves_what_the_next_one_puts_right()
    {
        const int rounds = 25;
        var plan = await NewPlanAsync("n1");
        var random = new Random(20);
        for (var round = 0; round < rounds; round++)
        {
            // A start in the odd rounds, a restart (another MTU is another command line) or the like in the even ones.
            var wanted = plan with { Network = plan.Network with { Mtu = 1400 + round } };
            using (var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop))
            {
                cancel.CancelAfter(TimeSpan.FromMilliseconds(random.NextDouble() * 30));
                try
                {
                    _ = await Driver.ApplyAsync(wanted, null, cancel.Token);
                }
                catch (OperationCanceledException) when (!Stop.IsCancellationRequested)
                {
                    // That is what is tested.
                }
            }

            if (round % 3 == 0)
            {
                Subject.RestartHost();
            }

            var result = await Driver.ApplyAsync(wanted, null, Stop);
            Assert.Equal(1, Subject.CountServers(plan.Server));
            Assert.Equal(ApplyAction.Unchanged, (await Driver.ApplyAsync(wanted, result.Handle, Stop)).Action);
            if (round % 2 == 0)
            {
                await Driver.RemoveAsync(result.Handle, RemoveReason.NetworkGone, Stop);
                Assert.Equal(0, Subject.CountServers(plan.Server));
            }
        }
    }

    [Fact]
    public async Task A_call_that_is_cancelled_beforehand_does_nothing()
    {
        var plan = await NewPlanAsync("n1");

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Driver.ApplyAsync(plan, null, new CancellationToken(canceled: true)));

        Assert.Equal(0, Subject.CountServers(plan.Server));
    }

    [Fact]
    public async Task A_new_server_holds_no_leases_and_releases_none()
    {
        var plan = await NewPlanAsync("n1", SamplePlans.Port(7));
        var handle = (await Driver.ApplyAsync(plan, null, Stop)).Handle;

        Assert.Empty(await Driver.ListLeasesAsync(handle, Stop));
        if (Driver.Capabilities.LeaseRelease)
        {
            var lease = new Lease { Address = SamplePlans.Port(7).FixedIps[0].Address, MacAddress = SamplePlans.Mac(7) };
            Assert.False(await Driver.ReleaseLeaseAsync(handle, lease, Stop));
        }
    }
}

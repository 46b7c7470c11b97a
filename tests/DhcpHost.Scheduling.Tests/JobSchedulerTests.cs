using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Status;
using DhcpHost.Scheduling.Definition;
using DhcpHost.Scheduling.Tests.Fakes;
using DhcpHost.Testing;
using static DhcpHost.Scheduling.Tests.SchedulerFixture;

namespace DhcpHost.Scheduling.Tests;

public sealed class JobSchedulerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_built_in_job_calls_its_part_of_the_engine()
    {
        await using var fixture = new SchedulerFixture(TimeProvider.System);
        await fixture.Scheduler.StartAsync(JobSpecs.Defaults, Token);
        foreach (var name in BuiltInJobs.Names)
        {
            var status = await fixture.Scheduler.RunNowAsync(name, Token);
            Assert.NotNull(status);
            Assert.False(status.LastFailed, status.LastResult);
            Assert.Equal(1, status.Runs);
            Assert.NotNull(status.LastDuration);
        }

        Assert.Equal(BuiltInJobs.Names, fixture.Engine.Calls);
    }

    [Fact]
    public async Task A_job_runs_at_its_interval_and_goes_on_after_failures()
    {
        await using var fixture = new SchedulerFixture(TimeProvider.System);
        fixture.Engine.OnAudit = _ => throw new DhcpHostException(FailureKind.Transient, "no kernel today");
        await fixture.Scheduler.StartAsync(Jobs(Audit(Second)), Token);
        await Eventually.TrueAsync(() => fixture.Engine.Calls.Count >= 3, cancellationToken: Token);
        var status = Assert.Single(await fixture.Scheduler.ListAsync(Token));
        Assert.True(status.LastFailed);
        Assert.Equal("no kernel today", status.LastResult);
        Assert.NotNull(status.NextRun);
        // The same failure again and again is one event.
        Assert.Equal("job drift-audit failed: no kernel today", Assert.Single(fixture.Events.Events).Message);

        fixture.Engine.OnAudit = _ => Task.FromResult(new Core.Engine.EngineAnswer(IsDone: true, "fine"));
        await Eventually.TrueAsync(() => fixture.Events.Events.Any(e => e.Kind == "job.recovered"), cancellationToken: Token);
    }

    [Fact]
    public async Task A_job_that_outlasts_its_interval_never_overlaps_itself()
    {
        await using var fixture = new SchedulerFixture(TimeProvider.System);
        var (now, most) = (0, 0);
        fixture.Engine.OnAudit = async token =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await Task.Delay(1.5 * Second, TimeProvider.System, token);
            Interlocked.Decrement(ref now);
            return new(IsDone: true, "slow");
        };
        await fixture.Scheduler.StartAsync(Jobs(Audit(Second)), Token);
        await Eventually.TrueAsync(() => fixture.Engine.Calls.Count >= 3, cancellationToken: Token);
        await fixture.Scheduler.RunNowAsync("drift-audit", Token);
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task RunNow_joins_the_run_that_is_under_way()
    {
        await using var fixture = new SchedulerFixture(TimeProvider.System);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fixture.Engine.OnAudit = async token =>
        {
            await gate.Task.WaitAsync(token);
            return new(IsDone: true, "once");
        };
        await fixture.Scheduler.StartAsync(Jobs(Audit()), Token);
        var first = fixture.Scheduler.RunNowAsync("drift-audit", Token);
        await Eventually.TrueAsync(() => !fixture.Engine.Calls.IsEmpty, cancellationToken: Token);
        var second = fixture.Scheduler.RunNowAsync("drift-audit", Token);
        Assert.True((await fixture.Scheduler.ListAsync(Token))[0].IsRunning);
        gate.SetResult();
        Assert.Equal("once", (await first)!.LastResult);
        Assert.Equal(1, (await second)!.Runs);
        Assert.Single(fixture.Engine.Calls);
        Assert.Equal("job.done", Assert.Single(fixture.Events.Events).Kind);
    }

    [Fact]
    public async Task RunNow_of_an_unknown_job_is_null() => await RunUnknownAsync();

    [Fact]
    public async Task A_run_ends_at_its_deadline_and_says_which_limit_it_was()
    {
        await using var fixture = new SchedulerFixture(TimeProvider.System);
        fixture.Limits.JobTime = TimeSpan.FromMilliseconds(50);
        fixture.Scripts.Scripts["slow"] = (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        await fixture.Scheduler.StartAsync(Jobs(Script("slow")), Token);
        var status = await fixture.Scheduler.RunNowAsync("slow", Token);
        Assert.True(status!.LastFailed);
        Assert.Contains("limits.job_time", status.LastResult, StringComparison.Ordinal);
        Assert.Equal(1, status.FailedRuns);
    }

    [Fact]
    public async Task A_run_that_ignores_its_deadline_is_left_behind_and_not_begun_a_second_time()
    {
        var time = new SteppingTimeProvider(DateTimeOffset.UnixEpoch);
        await using var fixture = new SchedulerFixture(time);
        fixture.Limits.JobTime = Second;
        var stubborn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = 0;
        fixture.Scripts.Scripts["stubborn"] = (_, _) =>
        {
            Interlocked.Increment(ref begun);
            return stubborn.Task;
        };
        await fixture.Scheduler.StartAsync(Jobs(Script("stubborn")), Token);
        var run = fixture.Scheduler.RunNowAsync("stubborn", Token);
        await Eventually.TrueAsync(() => begun == 1, cancellationToken: Token);
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(Second);
                return run.IsCompleted;
            },
            cancellationToken: Token);
        Assert.Contains("does not heed", (await run)!.LastResult, StringComparison.Ordinal);
        Assert.Contains("not begun", (await fixture.Scheduler.RunNowAsync("stubborn", Token))!.LastResult, StringComparison.Ordinal);
        Assert.Equal(1, begun);
        stubborn.SetResult();
        await Eventually.TrueAsync(async () => !(await fixture.Scheduler.RunNowAsync("stubborn", Token))!.LastFailed, cancellationToken: Token);
    }

    [Fact]
    public async Task A_script_that_blocks_its_thread_does_not_block_the_caller_of_another_job()
    {
        await using var fixture = new SchedulerFixture(TimeProvider.System);
        using var gate = new ManualResetEventSlim();
        fixture.Scripts.Scripts["blocking"] = (_, token) =>
        {
            gate.Wait(token);
            return Task.CompletedTask;
        };
        await fixture.Scheduler.StartAsync(Jobs(Script("blocking"), Audit()), Token);
        var blocking = fixture.Scheduler.RunNowAsync("blocking", Token);
        Assert.False((await fixture.Scheduler.RunNowAsync("drift-audit", Token))!.LastFailed);
        gate.Set();
        Assert.False((await blocking)!.LastFailed);
    }

    [Fact]
    public async Task A_script_that_throws_what_nobody_expected_is_a_failure_with_the_exceptions_words()
    {
        await using var fixture = new SchedulerFixture(TimeProvider.System);
        fixture.Scripts.Scripts["broken"] = (_, _) => throw new InvalidOperationException("my own fault");
        await fixture.Scheduler.StartAsync(Jobs(Script("broken")), Token);
        var status = await fixture.Scheduler.RunNowAsync("broken", Token);
        Assert.Equal("InvalidOperationException: my own fault", status!.LastResult);
        Assert.Equal(EventSeverity.Error, Assert.Single(fixture.Events.Events).Severity);
    }

    [Fact]
    public async Task Apply_leaves_the_next_time_of_unchanged_jobs_and_moves_that_of_changed_ones()
    {
        var time = new SteppingTimeProvider(DateTimeOffset.UnixEpoch);
        await using var fixture = new SchedulerFixture(time);
        var (same, changed, gone) = (Audit(100 * Second, "same"), Audit(100 * Second, "changed"), Audit(100 * Second, "gone"));
        await fixture.Scheduler.StartAsync(Jobs(same, changed, gone), Token);
        time.Advance(40 * Second);
        var names = await fixture.Scheduler.ApplyAsync(Jobs(same, Audit(200 * Second, "changed"), Audit(10 * Second, "new")), Token);
        Assert.Equal(["changed", "gone", "new"], names);
        var next = (await fixture.Scheduler.ListAsync(Token)).ToDictionary(status => status.Name, status => status.NextRun - DateTimeOffset.UnixEpoch);
        Assert.Equal(100 * Second, next["same"]);
        Assert.Equal(240 * Second, next["changed"]);
        Assert.Equal(50 * Second, next["new"]);
        Assert.DoesNotContain("gone", next.Keys);
    }

    [Fact]
    public async Task A_clock_set_back_does_not_put_jobs_off()
    {
        var time = new SteppingTimeProvider(new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
        await using var fixture = new SchedulerFixture(time);
        await fixture.Scheduler.StartAsync(Jobs(Audit(60 * Second)), Token);
        time.Step(TimeSpan.FromDays(-1));
        time.Advance(10 * Second);
        await Eventually.TrueAsync(
            async () => (await fixture.Scheduler.ListAsync(Token))[0].NextRun == time.GetUtcNow() + (60 * Second), cancellationToken: Token);
        Assert.Equal("clock.stepped", Assert.Single(fixture.Events.Events).Kind);
    }

    [Fact]
    public async Task A_job_of_a_script_that_is_not_there_is_warned_of()
    {
        await using var fixture = new SchedulerFixture(TimeProvider.System);
        await fixture.Scheduler.StartAsync(Jobs(Script("absent", 100 * Second)), Token);
        var warning = Assert.Single(fixture.Events.Events);
        Assert.Equal((EventSeverity.Warning, "job.script_missing"), (warning.Severity, warning.Kind));
    }

    [Fact]
    public async Task Dispose_ends_runs_under_way()
    {
        var fixture = new SchedulerFixture(TimeProvider.System);
        fixture.Scripts.Scripts["endless"] = (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        await fixture.Scheduler.StartAsync(Jobs(Script("endless")), Token);
        var run = fixture.Scheduler.RunNowAsync("endless", Token);
        await fixture.DisposeAsync();
        await run.WaitAsync(Eventually.DefaultDeadline, TimeProvider.System, Token);
        Assert.Empty(fixture.Events.Events);
    }

    private static async Task RunUnknownAsync()
    {
        await using var fixture = new SchedulerFixture(TimeProvider.System);
        await fixture.Scheduler.StartAsync(Jobs(), Token);
        Assert.Null(await fixture.Scheduler.RunNowAsync("nothing", Token));
    }
}

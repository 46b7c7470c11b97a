using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Tests.Fakes;
using DhcpHost.DriverConformance.Fakes;

namespace DhcpHost.Core.Tests.Engine;

public sealed class SourceTests : IDisposable
{
    private static readonly NetworkId A = new("a");
    private readonly World _world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_source_that_cannot_be_read_is_tried_again_and_its_networks_run_on()
    {
        _world.Source.Networks[A] = Sample.Network("a");
        var first = await HostLife.StartAsync(_world);
        await first.SyncedAsync();
        await first.CrashAsync();
        _world.Source.BeforeCall = (name, _, _) => name == "List" ? throw new DhcpHostException(FailureKind.Transient, "the door is shut") : Task.CompletedTask;

        await using var second = await HostLife.StartAsync(_world, options: options => options.SourceRetryTime = TimeSpan.FromMilliseconds(20));
        await Soon.TrueAsync(() => _world.Source.CountCalls("List") > 3);
        Assert.False(second.Engine.Status.IsSynced);
        Assert.Single(_world.Machine.Servers);
        Assert.False((await second.Engine.SweepOrphansAsync(dryRun: false, Token)).IsDone);
        Assert.Equal("it cannot be read: the door is shut", second.Engine.Status.Sources[_world.Source.Id].Message);

        _world.Source.BeforeCall = (_, _, _) => Task.CompletedTask;
        await second.PhaseAsync(A, NetworkPhase.Ready);
        Assert.True(second.Engine.Status.Sources[_world.Source.Id].IsHealthy);
        Assert.Equal(1, _world.Machine.Starts);
    }

    [Fact]
    public async Task Sources_are_asked_while_an_earlier_runs_servers_are_recovered_and_what_they_say_is_taken_in_after_that()
    {
        _world.Source.Networks[A] = Sample.Network("a");
        var first = await HostLife.StartAsync(_world);
        await first.SyncedAsync();
        await first.CrashAsync();
        var recovered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var second = new HostLife(_world);
        second.Interface.BeforeCall = (call, _) => call.Operation == FakeOperation.Recover ? recovered.Task : Task.CompletedTask;

        var starting = second.Engine.StartAsync(Token);
        await Soon.TrueAsync(() => _world.Source.CountCalls("List") == 2 && _world.Source.Watchers == 1, what: "the source is asked and followed");
        _world.Source.Put(Sample.Network("b"));
        Assert.False(starting.IsCompleted);
        Assert.Equal(0, second.Engine.Status.Networks);
        Assert.False(second.Engine.Status.Sources[_world.Source.Id].IsHealthy);

        recovered.SetResult();
        await starting;
        await second.PhaseAsync(A, NetworkPhase.Ready);
        await second.PhaseAsync(new("b"), NetworkPhase.Ready);
        Assert.Equal((1, 2), (second.Engine.Status.AdoptedServers, _world.Machine.Starts));
    }

    [Fact]
    public async Task A_watch_that_ends_is_opened_again_with_a_full_list()
    {
        await using var life = await HostLife.StartAsync(_world, options: options => options.SourceRetryTime = TimeSpan.FromMilliseconds(20));
        await life.SyncedAsync();
        _world.Source.EndWatches();
        _world.Source.Networks[A] = Sample.Network("a");
        await life.PhaseAsync(A, NetworkPhase.Ready);
        await Soon.TrueAsync(() => _world.Source.Watchers == 1);
        _world.Source.Put(Sample.Network("b"));
        await life.PhaseAsync(new("b"), NetworkPhase.Ready);
    }

    [Fact]
    public async Task Ten_changes_without_a_snapshot_are_few_questions_and_the_newest_answer_holds()
    {
        await using var life = await HostLife.StartAsync(_world);
        await life.SyncedAsync();
        for (var ports = 1; ports <= 10; ports++)
        {
            _world.Source.Put(Sample.Network("a", ports), withSnapshot: false);
        }

        await Soon.TrueAsync(() => _world.Machine.Servers.SingleOrDefault()?.Plan.Network.Ports.Count == 11);
        Assert.InRange(_world.Source.CountCalls("Get"), 1, 10);
    }

    [Fact]
    public async Task A_resync_that_a_source_needs_finds_what_was_missed()
    {
        await using var life = await HostLife.StartAsync(_world);
        await life.SyncedAsync();
        _world.Source.Networks[A] = Sample.Network("a");
        _world.Source.Tell(new SourceEvent.ResyncNeeded("messages were lost"));
        await life.PhaseAsync(A, NetworkPhase.Ready);
    }

    [Fact]
    public async Task A_network_that_two_sources_tell_of_is_the_first_ones()
    {
        var other = new FakeSource("other");
        _world.Source.Networks[A] = Sample.Network("a");
        await using var life = new HostLife(_world);
        life.Registry.LoadedSources.Add(other);
        await life.Engine.StartAsync(Token);
        await life.SyncedAsync();
        other.Put(Sample.Network("a", ports: 9));
        await Testing.Eventually.TrueAsync(async () => (await life.EventsAsync("network.claimed")).Count == 1, cancellationToken: Token);
        Assert.Equal(3, _world.Machine.Find(new(A))!.Plan.Network.Ports.Count);
        _world.Source.Remove(A);
        await Soon.TrueAsync(() => _world.Machine.Find(new(A))?.Plan.Network.Ports.Count == 10);
        Assert.Equal(other.Id, life.Engine.FindStatus(A)!.Source);
    }

    [Fact]
    public async Task A_report_that_somebody_waits_for_does_not_stand_behind_slow_ones()
    {
        foreach (var number in Enumerable.Range(0, 20))
        {
            _world.Source.Networks[new($"n{number}")] = Sample.Network($"n{number}");
        }

        var slow = new TaskCompletionSource();
        _world.Source.BeforeCall = (name, id, _) => name == "ReportReady" && id!.Value.Value.StartsWith('n') ? slow.Task : Task.CompletedTask;
        await using var life = await HostLife.StartAsync(_world);
        await life.SyncedAsync();
        _world.Source.Put(Sample.Network("live"), priority: 5, awaited: [new("live-port-0")]);
        await Soon.TrueAsync(() => _world.Source.Ready.Any(report => report.IsLive && report.PortIds.SequenceEqual([new PortId("live-port-0")])));
        slow.SetResult();
        await Soon.TrueAsync(() => _world.Source.Ready.Sum(report => report.PortIds.Count) == 42);
    }

    [Fact]
    public async Task A_report_that_fails_is_told_again()
    {
        var failures = 2;
        _world.Source.Networks[A] = Sample.Network("a");
        _world.Source.BeforeCall = (name, _, _) => name == "ReportReady" && Interlocked.Decrement(ref failures) >= 0
            ? throw new IOException("lost")
            : Task.CompletedTask;
        await using var life = await HostLife.StartAsync(_world);
        await Soon.TrueAsync(() => _world.Source.Ready.Sum(report => report.PortIds.Count) == 2);
    }

    [Fact]
    public async Task A_host_port_that_the_source_changed_or_took_away_is_asked_for_again()
    {
        _world.Source.Networks[A] = Sample.Network("a");
        await using var life = await HostLife.StartAsync(_world);
        await life.PhaseAsync(A, NetworkPhase.Ready);
        var hostPort = _world.Source.HostPorts[(A, null)];
        var listed = Sample.Network("a") with { Ports = Sample.Network("a").Ports.Append(hostPort).ToEquatableArray() };
        _world.Source.Put(listed);
        await Soon.TrueAsync(() => ReferenceEquals(life.Engine.FindNetwork(A), listed) && life.Engine.FindStatus(A)!.IsInSync);
        Assert.Equal(1, _world.Source.CountCalls("EnsureHostPort"));

        _world.Source.Put(Sample.Network("a", ports: 3));
        await Soon.TrueAsync(() => _world.Source.CountCalls("EnsureHostPort") == 2);
    }

    [Fact]
    public async Task Networks_that_left_while_the_host_was_away_are_removed()
    {
        _world.Source.Networks[A] = Sample.Network("a");
        _world.Source.Networks[new("b")] = Sample.Network("b");
        var first = await HostLife.StartAsync(_world);
        await first.SyncedAsync();
        await first.CrashAsync();
        _world.Source.Networks.TryRemove(A, out _);

        await using var second = await HostLife.StartAsync(_world);
        await Soon.TrueAsync(() => _world.Machine.Servers.Count == 1 && _world.Source.HostPorts.Count == 1);
        Assert.Equal(1, second.Dhcp.CountCalls(FakeOperation.Remove));
    }
}

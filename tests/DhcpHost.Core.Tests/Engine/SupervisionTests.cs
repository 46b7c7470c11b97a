using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Tests.Fakes;
using DhcpHost.DriverConformance.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Core.Tests.Engine;

public sealed class SupervisionTests : IDisposable
{
    private static readonly NetworkId A = new("a");
    private static readonly NetworkId B = new("b");
    private readonly World _world = new();

    public SupervisionTests() => (_world.Source.Networks[A], _world.Source.Networks[B]) = (Sample.Network("a"), Sample.Network("b"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_server_that_dies_is_back_at_once_and_the_other_is_untouched()
    {
        // The clock stands: nothing may wait for a time to come.
        await using var life = await HostLife.StartAsync(_world, timeProvider: new FakeTimeProvider());
        await life.SyncedAsync();
        var other = _world.Machine.Find(new(B));
        _world.Machine.Kill(new(A));
        await Soon.TrueAsync(() => _world.Machine.Find(new(A)) is not null);
        await life.PhaseAsync(A, NetworkPhase.Ready);
        Assert.Equal(other, _world.Machine.Find(new(B)));
        Assert.Single(await life.EventsAsync("server.exited"));
    }

    [Fact]
    public async Task A_server_that_keeps_dying_is_slowed_then_quarantined_and_is_served_again_by_command()
    {
        var time = new FakeTimeProvider();
        await using var life = await HostLife.StartAsync(_world, limits => limits.RetryAttempts = 5, timeProvider: time);
        await life.SyncedAsync();
        var other = _world.Machine.Find(new(B));
        for (var death = 1; death < 5; death++)
        {
            Assert.True(_world.Machine.Kill(new(A)));
            if (death > 1)
            {
                await Soon.TrueAsync(() => life.PhaseOf(A) == NetworkPhase.Retrying);
                Assert.Null(_world.Machine.Find(new(A)));
            }

            await Soon.TrueAsync(() =>
            {
                time.Advance(death == 1 ? TimeSpan.Zero : TimeSpan.FromSeconds(1));
                return life.PhaseOf(A) == NetworkPhase.Ready && _world.Machine.Find(new(A)) is not null;
            });
        }

        Assert.True(_world.Machine.Kill(new(A)));
        await life.PhaseAsync(A, NetworkPhase.Quarantined);
        time.Advance(TimeSpan.FromDays(1));
        Assert.Null(_world.Machine.Find(new(A)));
        Assert.Equal(other, _world.Machine.Find(new(B)));
        Assert.Equal(NetworkPhase.Ready, life.PhaseOf(B));

        life.Engine.Resync(A);
        await life.PhaseAsync(A, NetworkPhase.Ready);
        Assert.NotNull(_world.Machine.Find(new(A)));
    }

    [Fact]
    public async Task A_server_that_dies_before_its_handle_is_stored_is_noticed_all_the_same()
    {
        await using var life = new HostLife(_world);

        // Not before the watch of the driver is open: what dies unseen here is no more seen later.
        life.Interface.BeforeCall = (call, _) => call.Operation == FakeOperation.Apply ? Soon.TrueAsync(() => life.Dhcp.IsWatched) : Task.CompletedTask;
        life.Dhcp.Misbehave(FakeOperation.Apply, new FakeFault.ServerDies(new(1, null, "cannot bind")), server: new(A));
        await life.Engine.StartAsync(Token);
        await Soon.TrueAsync(() => _world.Machine.Find(new(A)) is not null && life.PhaseOf(A) == NetworkPhase.Ready);
        Assert.Equal(2, life.Dhcp.CountCalls(FakeOperation.Apply, new(A)));
    }

    [Fact]
    public async Task A_server_that_dies_before_its_source_was_read_takes_nothing_with_it()
    {
        var first = await HostLife.StartAsync(_world);
        await first.SyncedAsync();
        await first.CrashAsync();
        var open = new TaskCompletionSource();
        _world.Source.BeforeCall = (name, _, _) => name == "List" ? open.Task : Task.CompletedTask;

        await using var second = await HostLife.StartAsync(_world);
        await Soon.TrueAsync(() => _world.Source.CountCalls("List") == 2);
        _world.Machine.Kill(new(A));
        await Testing.Eventually.TrueAsync(async () => (await second.EventsAsync("server.exited")).Count == 1, cancellationToken: Token);
        await Soon.TrueAsync(() => second.Engine.Status is { QueueLength: 0, BusyWorkers: 0 });
        Assert.Equal(2, _world.Interfaces.Made.Count);
        Assert.Equal(2, _world.Source.HostPorts.Count);
        open.SetResult();
        await second.SyncedAsync();
        await Soon.TrueAsync(() => _world.Machine.Find(new(A)) is not null);
    }

    [Fact]
    public async Task A_server_that_ran_for_long_starts_with_a_clean_record()
    {
        var time = new FakeTimeProvider();
        await using var life = await HostLife.StartAsync(_world, limits => limits.RetryAttempts = 2, timeProvider: time);
        await life.SyncedAsync();
        for (var death = 1; death <= 4; death++)
        {
            Assert.True(_world.Machine.Kill(new(A)));
            await Soon.TrueAsync(() => _world.Machine.Find(new(A)) is not null && life.PhaseOf(A) == NetworkPhase.Ready);
            time.Advance(TimeSpan.FromMinutes(11));
        }
    }

    [Fact]
    public async Task What_drifted_is_applied_anew_by_notice_and_by_audit()
    {
        await using var life = await HostLife.StartAsync(_world);
        await life.SyncedAsync();
        _world.Machine.Change(new(A), server => server with { IsAsApplied = false });
        life.Dhcp.TellDrift(new(A), "somebody edited it");
        await Soon.TrueAsync(() => _world.Machine.Find(new(A))!.IsAsApplied);

        _world.Machine.Change(new(B), server => server with { IsAsApplied = false });
        _world.Interfaces.Made.TryRemove(new(A), out _);
        var answer = await life.Engine.AuditDriftAsync(Token);
        Assert.Equal(2, answer.Count);
        await Soon.TrueAsync(() => _world.Machine.Find(new(B))!.IsAsApplied && _world.Interfaces.Made.ContainsKey(new(A)));
        Assert.Equal(0, (await life.Engine.AuditDriftAsync(Token)).Count);
    }

    [Theory]
    [InlineData(false, EventSeverity.Warning, "was changed: it is not in the bridge")]
    [InlineData(true, EventSeverity.Info, "can be completed: it is not in the bridge")]
    public async Task What_only_had_to_wait_is_put_right_without_a_warning(bool isArrival, EventSeverity severity, string message)
    {
        await using var life = await HostLife.StartAsync(_world);
        await life.SyncedAsync();
        _world.Machine.Change(new(A), server => server with { IsAsApplied = false });
        life.Dhcp.TellDrift(new(A), "it is not in the bridge", isArrival);
        await Soon.TrueAsync(() => _world.Machine.Find(new(A))!.IsAsApplied);

        var told = Assert.Single(await life.EventsAsync("server.drifted"));
        Assert.Equal(severity, told.Severity);
        Assert.EndsWith(message, told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_started_beside_what_is_not_ours_until_it_is_gone()
    {
        var first = await HostLife.StartAsync(_world);
        await first.SyncedAsync();
        await first.CrashAsync();
        _world.Machine.Change(new(A), server => server with { IsOurs = false });

        await using var second = await HostLife.StartAsync(_world);
        await second.PhaseAsync(A, NetworkPhase.Retrying);
        await second.PhaseAsync(B, NetworkPhase.Ready);
        Assert.Equal(FailureKind.Conflict, second.Engine.FindStatus(A)!.Failure);
        Assert.Single(await second.EventsAsync("server.foreign"));
        Assert.Equal(2, _world.Machine.Starts);
        Assert.Equal(0, second.Dhcp.CountCalls(FakeOperation.Apply, new(A)));

        _world.Machine.Vanish(new(A));
        second.Engine.Resync(A);
        await second.PhaseAsync(A, NetworkPhase.Ready);
        Assert.True(_world.Machine.Find(new(A))!.IsOurs);
    }

    [Fact]
    public async Task A_recovery_that_fails_is_no_proof_that_the_server_is_gone()
    {
        var first = await HostLife.StartAsync(_world);
        await first.SyncedAsync();
        await first.CrashAsync();
        var before = _world.Machine.Find(new(A));

        await using var second = new HostLife(_world);
        second.Dhcp.Misbehave(
            FakeOperation.Recover, new FakeFault.Throws(() => new DhcpHostException(FailureKind.Transient, "cannot look now")), server: new(A));
        await second.Engine.StartAsync(Token);
        await second.PhaseAsync(A, NetworkPhase.Ready);
        Assert.Equal(before, _world.Machine.Find(new(A)));
        Assert.Equal(2, second.Dhcp.CountCalls(FakeOperation.Recover, new(A)));
    }

    [Fact]
    public async Task A_server_that_vanished_while_the_host_was_away_is_started_again()
    {
        var first = await HostLife.StartAsync(_world);
        await first.SyncedAsync();
        await first.CrashAsync();
        _world.Machine.Vanish(new(A));

        await using var second = await HostLife.StartAsync(_world);
        await second.SyncedAsync();
        Assert.Equal(1, second.Engine.Status.AdoptedServers);
        Assert.Equal(ApplyAction.Started, second.Engine.FindStatus(A)!.Servers.Single().LastAction);
    }

    [Fact]
    public async Task A_driver_that_recovers_its_health_frees_those_that_failed_for_want_of_it()
    {
        var time = new FakeTimeProvider();
        await using var life = new HostLife(_world, timeProvider: time);
        life.Dhcp.SetHealth(new(false, "no dnsmasq"));
        life.Dhcp.Misbehave(FakeOperation.Apply, new FakeFault.Throws(() => new DhcpHostException(FailureKind.Transient, "no dnsmasq")), times: 2);
        await life.Engine.StartAsync(Token);
        await life.PhaseAsync(A, NetworkPhase.Retrying);
        await life.PhaseAsync(B, NetworkPhase.Retrying);
        await Testing.Eventually.TrueAsync(async () => (await life.EventsAsync("driver.unhealthy")).Count == 1, cancellationToken: Token);
        life.Dhcp.SetHealth(new(true, "dnsmasq 2.90"));
        await life.PhaseAsync(A, NetworkPhase.Ready);
        await life.PhaseAsync(B, NetworkPhase.Ready);
    }

    [Fact]
    public async Task A_driver_that_no_network_wants_is_no_warning_where_it_cannot_work()
    {
        await using var life = new HostLife(_world);
        using var other = new FakeDhcpDriver(id: "other");
        other.SetHealth(new(false, "no such program"));
        life.Dhcp.SetHealth(new(false, "no dnsmasq"));
        life.Registry.Loaded.Add(other);
        await life.Engine.StartAsync(Token);
        await Testing.Eventually.TrueAsync(async () => (await life.EventsAsync("driver.unhealthy")).Count == 2, cancellationToken: Token);
        var told = (await life.EventsAsync("driver.unhealthy")).ToDictionary(told => told.Message, told => told.Severity);
        Assert.Equal(EventSeverity.Info, told["dhcp driver other: no such program"]);
        Assert.Equal(EventSeverity.Warning, told[$"dhcp driver {life.Dhcp.Info.Id}: no dnsmasq"]);
    }
}

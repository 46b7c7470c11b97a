using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Tests.Fakes;
using DhcpHost.DriverConformance.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Core.Tests.Engine;

public sealed class RetryTests : IDisposable
{
    private static readonly NetworkId A = new("a");
    private readonly World _world = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse("2026-01-01T00:00:00Z", null));

    public RetryTests() => _world.Source.Networks[A] = Sample.Network("a");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_transient_failure_is_tried_again_when_its_time_has_come_and_no_sooner()
    {
        await using var life = new HostLife(_world, timeProvider: _time);
        life.Dhcp.Misbehave(FakeOperation.Apply, Fails(FailureKind.Transient), times: 2);
        await life.Engine.StartAsync(Token);
        await life.PhaseAsync(A, NetworkPhase.Retrying);
        var status = life.Engine.FindStatus(A)!;
        Assert.Equal((1, FailureKind.Transient, "out of luck"), (status.FailedAttempts, status.Failure, status.Message));
        var wait = status.RetryAt!.Value - _time.GetUtcNow();
        Assert.InRange(wait, TimeSpan.FromSeconds(0.75), TimeSpan.FromSeconds(1.25));

        _time.Advance(wait - TimeSpan.FromMilliseconds(20));
        Assert.Equal(1, life.Dhcp.CountCalls(FakeOperation.Apply));
        _time.Advance(TimeSpan.FromMilliseconds(40));
        await Soon.TrueAsync(() => life.Engine.FindStatus(A) is { Phase: NetworkPhase.Retrying, FailedAttempts: 2 });
        _time.Advance(TimeSpan.FromSeconds(5));
        await life.PhaseAsync(A, NetworkPhase.Ready);
        Assert.Equal((0, null, null), (life.Engine.FindStatus(A)!.FailedAttempts, life.Engine.FindStatus(A)!.Failure, life.Engine.FindStatus(A)!.RetryAt));
        Assert.Null(life.State.Find(A).Failure);
    }

    [Fact]
    public async Task After_the_last_attempt_it_is_quarantined_a_probe_gives_one_more_and_a_change_a_clean_record()
    {
        await using var life = new HostLife(_world, limits => limits.RetryAttempts = 3, timeProvider: _time);
        life.Dhcp.Misbehave(FakeOperation.Apply, Fails(FailureKind.Transient), times: int.MaxValue);
        await life.Engine.StartAsync(Token);
        await AdvanceUntilAsync(life, NetworkPhase.Quarantined);
        Assert.Equal(3, life.Dhcp.CountCalls(FakeOperation.Apply));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(3, life.Dhcp.CountCalls(FakeOperation.Apply));

        Assert.Equal(1, life.Engine.ProbeQuarantine().Count);
        await Soon.TrueAsync(() => life.Engine.FindStatus(A) is { Phase: NetworkPhase.Quarantined, FailedAttempts: 4 });
        Assert.Equal(4, life.Dhcp.CountCalls(FakeOperation.Apply));

        _world.Source.Put(Sample.Network("a", ports: 5));
        await Soon.TrueAsync(() => life.Engine.FindStatus(A) is { Phase: NetworkPhase.Retrying, FailedAttempts: 1 });
        life.Dhcp.Behave();
        Assert.True(life.Engine.Resync(A));
        await life.PhaseAsync(A, NetworkPhase.Ready);
        Assert.Contains(await life.EventsAsync("network.quarantined"), one => one.NetworkId == A);
    }

    [Theory]
    [InlineData(FailureKind.Exhausted)]
    [InlineData(FailureKind.Invalid)]
    public async Task What_only_a_change_cures_is_not_tried_again_before_it(FailureKind kind)
    {
        await using var life = new HostLife(_world, timeProvider: _time);
        life.Dhcp.Misbehave(FakeOperation.Apply, Fails(kind));
        await life.Engine.StartAsync(Token);
        await life.PhaseAsync(A, NetworkPhase.Quarantined);
        _time.Advance(TimeSpan.FromDays(2));
        await life.Engine.ResyncAllAsync("test", Token);
        Assert.Equal(1, life.Dhcp.CountCalls(FakeOperation.Apply));
        _world.Source.Put(Sample.Network("a", ports: 5));
        await life.PhaseAsync(A, NetworkPhase.Ready);
    }

    [Fact]
    public async Task A_waiting_retry_is_freed_at_once_by_a_live_change()
    {
        await using var life = new HostLife(_world, timeProvider: _time);
        life.Dhcp.Misbehave(FakeOperation.Apply, Fails(FailureKind.Conflict));
        await life.Engine.StartAsync(Token);
        await life.PhaseAsync(A, NetworkPhase.Retrying);
        _world.Source.Put(Sample.Network("a", ports: 5));
        await life.PhaseAsync(A, NetworkPhase.Ready);
    }

    [Fact]
    public async Task A_network_that_the_driver_finds_gone_is_forgotten_and_not_tried_again()
    {
        await using var life = new HostLife(_world, timeProvider: _time);
        life.Dhcp.Misbehave(FakeOperation.Apply, Fails(FailureKind.Gone));
        await life.Engine.StartAsync(Token);
        await Soon.TrueAsync(() => life.Dhcp.CountCalls(FakeOperation.Apply) == 1 && life.Engine.FindStatus(A) is null);
        Assert.Empty(_world.Interfaces.Made);
        Assert.Empty(_world.Source.HostPorts);
    }

    [Fact]
    public async Task An_unexpected_exception_is_a_bug_of_that_network_alone()
    {
        _world.Source.Networks[new("b")] = Sample.Network("b");
        await using var life = new HostLife(_world, timeProvider: _time);
        life.Dhcp.Misbehave(FakeOperation.Apply, new FakeFault.Throws(() => new InvalidCastException("oops")), server: new(A));
        await life.Engine.StartAsync(Token);
        await life.PhaseAsync(A, NetworkPhase.Retrying);
        await life.PhaseAsync(new("b"), NetworkPhase.Ready);
        Assert.Equal((FailureKind.Bug, "InvalidCastException: oops"), (life.Engine.FindStatus(A)!.Failure, life.Engine.FindStatus(A)!.Message));
    }

    [Fact]
    public async Task Quarantine_outlives_a_restart_and_ends_if_the_network_changed_meanwhile()
    {
        var first = new HostLife(_world, limits => limits.RetryAttempts = 1, timeProvider: _time);
        first.Dhcp.Misbehave(FakeOperation.Apply, Fails(FailureKind.Transient));
        await first.Engine.StartAsync(Token);
        await first.PhaseAsync(A, NetworkPhase.Quarantined);
        await first.DisposeAsync();

        var second = await HostLife.StartAsync(_world, timeProvider: _time);
        await second.PhaseAsync(A, NetworkPhase.Quarantined);
        await second.SyncedAsync();
        Assert.Equal(0, second.Dhcp.CountCalls(FakeOperation.Apply));
        Assert.Equal("out of luck", second.Engine.FindStatus(A)!.Message);
        await second.DisposeAsync();

        _world.Source.Networks[A] = Sample.Network("a", ports: 5);
        await using var third = await HostLife.StartAsync(_world, timeProvider: _time);
        await third.PhaseAsync(A, NetworkPhase.Ready);
    }

    [Fact]
    public async Task A_wait_that_a_restart_interrupts_is_never_longer_than_a_wait_may_be_however_the_clock_was_set()
    {
        var first = new HostLife(_world, timeProvider: _time);
        first.Dhcp.Misbehave(FakeOperation.Apply, Fails(FailureKind.Transient));
        await first.Engine.StartAsync(Token);
        await first.PhaseAsync(A, NetworkPhase.Retrying);
        await first.DisposeAsync();

        // The clock is a year behind when the host comes back.
        var late = new FakeTimeProvider(DateTimeOffset.Parse("2025-01-01T00:00:00Z", null));
        await using var second = await HostLife.StartAsync(_world, timeProvider: late);
        await second.PhaseAsync(A, NetworkPhase.Retrying);
        late.Advance(second.Limits.RetryDelayMax);
        await second.PhaseAsync(A, NetworkPhase.Ready);
    }

    [Fact]
    public async Task A_driver_that_hangs_and_heeds_nothing_holds_its_own_network_only_and_is_not_called_twice_at_once()
    {
        _world.Source.Networks[new("b")] = Sample.Network("b");
        var release = new TaskCompletionSource();
        await using var life = new HostLife(_world, limits => limits.WorkersMax = 1, timeProvider: _time);
        life.Dhcp.Misbehave(FakeOperation.Apply, new FakeFault.IgnoresCancellation(release.Task), server: new(A));
        await life.Engine.StartAsync(Token);
        await Soon.TrueAsync(() => life.Dhcp.CountCalls(FakeOperation.Apply, new(A)) == 1);
        _time.Advance(life.Limits.ReconcileTime);
        await life.PhaseAsync(A, NetworkPhase.Retrying);
        await life.PhaseAsync(new("b"), NetworkPhase.Ready);
        Assert.Contains("limits.reconcile_time", life.Engine.FindStatus(A)!.Message, StringComparison.Ordinal);

        // The next attempt waits for the call that never returned.
        life.Engine.Resync(A);
        await life.PhaseAsync(A, NetworkPhase.Reconciling);
        Assert.Equal(1, life.Dhcp.CountCalls(FakeOperation.Apply, new(A)));
        release.SetResult();
        await life.PhaseAsync(A, NetworkPhase.Ready);
        Assert.Equal(0, life.Dhcp.Overlaps);
        Assert.Equal(1, _world.Machine.MostForOneKey);
    }

    private static FakeFault.Throws Fails(FailureKind kind) => new(() => new DhcpHostException(kind, "out of luck"));

    private Task AdvanceUntilAsync(HostLife life, NetworkPhase phase) => Soon.TrueAsync(() =>
    {
        _time.Advance(TimeSpan.FromMilliseconds(200));
        return life.PhaseOf(A) == phase;
    });
}

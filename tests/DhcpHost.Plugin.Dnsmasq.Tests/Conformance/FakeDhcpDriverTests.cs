using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.DriverConformance.Fakes;
using DhcpHost.DriverConformance.Suite;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Plugin.Dnsmasq.Tests.Conformance;

/// <summary>The fake misbehaves as it is told: tests of the engine rest on it.</summary>
public sealed class FakeDhcpDriverTests : IDisposable
{
    private static readonly DhcpPlan Plan = SamplePlans.Make("n1", new() { Namespace = "ns", Device = "tap0", MacAddress = SamplePlans.Mac(1) });

    private readonly FakeTimeProvider _time = new();
    private readonly FakeDhcpDriver _driver;

    public FakeDhcpDriverTests() => _driver = new(timeProvider: _time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _driver.Dispose();

    [Fact]
    public async Task It_throws_before_or_after_its_work_as_often_as_it_is_told()
    {
        _driver.Misbehave(FakeOperation.Apply, new FakeFault.Throws(() => new DhcpHostException(FailureKind.Transient, "before")), times: 2);
        _driver.Misbehave(FakeOperation.Apply, new FakeFault.ThrowsAfterwards(() => new InvalidOperationException("after")));

        _ = await Assert.ThrowsAsync<DhcpHostException>(() => _driver.ApplyAsync(Plan, null, Stop));
        _ = await Assert.ThrowsAsync<DhcpHostException>(() => _driver.ApplyAsync(Plan, null, Stop));
        Assert.Empty(_driver.Machine.Servers);
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => _driver.ApplyAsync(Plan, null, Stop));
        _ = Assert.Single(_driver.Machine.Servers);

        Assert.Equal(ApplyAction.Unchanged, (await _driver.ApplyAsync(Plan, null, Stop)).Action);
        Assert.Equal(1, _driver.Machine.MostForOneKey);
        Assert.Equal(4, _driver.CountCalls(FakeOperation.Apply, Plan.Server));
    }

    [Fact]
    public async Task It_is_slow_by_its_clock_and_hangs_until_it_is_cancelled()
    {
        _driver.Misbehave(FakeOperation.Apply, new FakeFault.IsSlow(TimeSpan.FromSeconds(5)));
        var slow = _driver.ApplyAsync(Plan, null, Stop);
        while (!slow.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(ApplyAction.Started, (await slow).Action);
        _driver.Misbehave(FakeOperation.Apply, new FakeFault.Hangs());
        using var cancel = new CancellationTokenSource();
        var hanging = _driver.ApplyAsync(Plan, null, cancel.Token);
        await cancel.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
    }

    [Fact]
    public async Task It_ignores_cancellation_until_it_is_let_and_counts_calls_that_overlap()
    {
        var release = new TaskCompletionSource();
        _driver.Misbehave(FakeOperation.Apply, new FakeFault.IgnoresCancellation(release.Task));
        using var cancel = new CancellationTokenSource();
        var deaf = _driver.ApplyAsync(Plan, null, cancel.Token);
        await Testing.Eventually.TrueAsync(() => _driver.CountCalls(FakeOperation.Apply) == 1, cancellationToken: Stop);
        await cancel.CancelAsync();
        Assert.Equal(0, _driver.Overlaps);

        _ = await _driver.ApplyAsync(Plan, null, Stop);
        Assert.False(deaf.IsCompleted);
        release.SetResult();

        Assert.Equal(ApplyAction.Unchanged, (await deaf).Action);
        Assert.Equal(1, _driver.Overlaps);
    }

    [Fact]
    public async Task Its_server_dies_at_once_or_its_handle_is_wrong()
    {
        await using var events = _driver.WatchAsync(Stop).GetAsyncEnumerator(Stop);
        Assert.True(await events.MoveNextAsync());
        var next = events.MoveNextAsync();
        _driver.Misbehave(FakeOperation.Apply, new FakeFault.ServerDies(new(3, null, "bad day")));
        _driver.Misbehave(FakeOperation.Apply, new FakeFault.WrongHandle(handle => handle with { State = "nonsense" }));

        _ = await _driver.ApplyAsync(Plan, null, Stop);
        Assert.True(await next);
        Assert.Equal(new DriverEvent.ServerExited(Plan.Server, new(3, null, "bad day")), events.Current);

        var wrong = (await _driver.ApplyAsync(Plan, null, Stop)).Handle;
        Assert.Equal(RecoverOutcome.Gone, (await _driver.RecoverAsync(wrong, Stop)).Outcome);
    }
}

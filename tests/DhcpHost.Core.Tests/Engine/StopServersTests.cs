using DhcpHost.Abstractions.Drivers;
using DhcpHost.Core.Engine;
using DhcpHost.Core.Limits;
using DhcpHost.Core.Tests.Fakes;
using DhcpHost.DriverConformance.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Core.Tests.Engine;

/// <summary>Servers that are to end with the host, and what is said of those that do not.</summary>
public sealed class StopServersTests : IDisposable
{
    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly World _world = new();

    public StopServersTests() => _world.Source.Networks[new("a")] = Sample.Network("a");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Stopping_leaves_servers_running_unless_they_are_ended_by_command()
    {
        await ServeOnceAsync();
        Assert.Single(_world.Machine.Servers);

        await using var life = await HostLife.StartAsync(_world);
        await life.SyncedAsync();
        var answer = await life.Engine.StopServersAsync(Enough, Token);
        Assert.Equal((true, "2 servers and interfaces ended", 2), (answer.IsDone, answer.Message, answer.Count));
        Assert.Empty(_world.Machine.Servers);
        Assert.Empty(_world.Interfaces.Made);
    }

    [Fact]
    public async Task Servers_of_an_earlier_run_end_before_any_source_told_of_their_networks()
    {
        await ServeOnceAsync();
        _world.Source.BeforeCall = (name, _, _) => name == "List" ? Task.FromException(new IOException("far away")) : Task.CompletedTask;
        await using var life = await HostLife.StartAsync(_world);
        var answer = await life.Engine.StopServersAsync(Enough, Token);
        Assert.Equal((true, "2 servers and interfaces ended", 2), (answer.IsDone, answer.Message, answer.Count));
        Assert.Empty(_world.Machine.Servers);
    }

    [Fact]
    public async Task Before_recovery_is_through_nothing_is_ended_and_what_is_left_is_named()
    {
        await ServeOnceAsync();
        await using var life = new HostLife(_world);
        life.Dhcp.Misbehave(FakeOperation.Recover, new FakeFault.Hangs());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var start = life.Engine.StartAsync(stop.Token);
        await Soon.TrueAsync(() => life.Dhcp.CountCalls(FakeOperation.Recover) == 1);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);

        var answer = await life.Engine.StopServersAsync(Enough, Token);
        Assert.Equal(
            (false, "stopped before it was known what runs: nothing was ended, 2 are left: a (wire, fake)", 0), (answer.IsDone, answer.Message, answer.Count));
        Assert.Single(_world.Machine.Servers);
    }

    [Fact]
    public async Task A_server_that_its_driver_does_not_end_in_time_is_named_as_left_and_holds_up_no_other()
    {
        _world.Source.Networks[new("b")] = Sample.Network("b");
        await using var life = await StartAsync(limits => limits.ReconcileTime = TimeSpan.FromSeconds(8));
        life.Dhcp.Misbehave(FakeOperation.Remove, new FakeFault.Hangs(), new ServerKey(new("b")));
        var end = life.Engine.StopServersAsync(Enough, Token);
        await Soon.TrueAsync(() => life.Dhcp.CountCalls(FakeOperation.Remove) == 2 && life.State.Find(new("a")).Handles.IsEmpty);

        _time.Advance(TimeSpan.FromSeconds(8));
        var answer = await end;
        Assert.Equal(
            (false, "2 servers and interfaces ended, 2 are left: b (wire, fake: the driver fake did not answer within 8 s)", 2),
            (answer.IsDone, answer.Message, answer.Count));
        Assert.Equal("b", Assert.Single(_world.Machine.Servers).Plan.Server.NetworkId.Value);
    }

    [Fact]
    public async Task The_end_of_all_is_over_in_its_time_however_many_drivers_hang()
    {
        foreach (var id in Enumerable.Range(0, 4))
        {
            _world.Source.Networks[new($"n{id}")] = Sample.Network($"n{id}");
        }

        await using var life = await StartAsync(limits => limits.ReconcileTime = TimeSpan.FromSeconds(9), options => options.Parallelism = 1);
        life.Dhcp.Misbehave(FakeOperation.Remove, new FakeFault.Hangs(), times: int.MaxValue);
        var end = life.Engine.StopServersAsync(TimeSpan.FromSeconds(30), Token);
        foreach (var (calls, wait) in new[] { (1, 9), (2, 9), (3, 9), (4, 3) })
        {
            await Soon.TrueAsync(() => life.Dhcp.CountCalls(FakeOperation.Remove) == calls);
            Assert.False(end.IsCompleted);
            _time.Advance(TimeSpan.FromSeconds(wait));
        }

        var answer = await end;
        Assert.StartsWith("0 servers and interfaces ended, 10 are left: ", answer.Message, StringComparison.Ordinal);
        Assert.Contains("did not answer within 9 s", answer.Message, StringComparison.Ordinal);
        Assert.Contains("there was no time left", answer.Message, StringComparison.Ordinal);
        Assert.Equal(4, life.Dhcp.CountCalls(FakeOperation.Remove));
    }

    [Fact]
    public async Task Work_that_hangs_does_not_hold_up_the_end_of_the_others()
    {
        await using var life = await StartAsync();
        life.Dhcp.Misbehave(FakeOperation.Apply, new FakeFault.Hangs());
        _world.Source.Put(Sample.Network("b"));
        await Soon.TrueAsync(() => life.Dhcp.CountCalls(FakeOperation.Apply) == 2);
        var end = life.Engine.StopServersAsync(Enough, Token);

        // What is under way has engine.stop_time.
        _time.Advance(TimeSpan.FromSeconds(2));
        var answer = await end;
        Assert.Equal((true, "3 servers and interfaces ended", 3), (answer.IsDone, answer.Message, answer.Count));
        Assert.Empty(_world.Machine.Servers);
        Assert.Empty(_world.Interfaces.Made);
    }

    private async Task<HostLife> StartAsync(Action<LimitsOptions>? limits = null, Action<EngineOptions>? options = null)
    {
        var life = await HostLife.StartAsync(_world, limits, options: options, timeProvider: _time);
        await life.SyncedAsync();
        return life;
    }

    private async Task ServeOnceAsync()
    {
        await using var life = await HostLife.StartAsync(_world);
        await life.SyncedAsync();
    }
}

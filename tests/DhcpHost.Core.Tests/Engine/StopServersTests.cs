using DhcpHost.Abstractions.Drivers;
using DhcpHost.Core.Tests.Fakes;
using DhcpHost.DriverConformance.Fakes;

namespace DhcpHost.Core.Tests.Engine;

/// <summary>Servers that are to end with the host, and what is said of those that do not.</summary>
public sealed class StopServersTests : IDisposable
{
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
        var answer = await life.Engine.StopServersAsync(Token);
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
        var answer = await life.Engine.StopServersAsync(Token);
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

        var answer = await life.Engine.StopServersAsync(Token);
        Assert.Equal(
            (false, "stopped before it was known what runs: nothing was ended, 2 are left: a (wire, fake)", 0), (answer.IsDone, answer.Message, answer.Count));
        Assert.Single(_world.Machine.Servers);
    }

    [Fact]
    public async Task A_server_that_its_driver_does_not_end_in_time_is_named_as_left()
    {
        _world.Source.Networks[new("b")] = Sample.Network("b");
        await using var life = await HostLife.StartAsync(_world, limits => limits.ReconcileTime = TimeSpan.FromSeconds(2));
        await life.SyncedAsync();
        life.Dhcp.Misbehave(FakeOperation.Remove, new FakeFault.Hangs(), new ServerKey(new("b")));
        var answer = await life.Engine.StopServersAsync(Token);
        Assert.Equal(
            (false, "2 servers and interfaces ended, 2 are left: b (wire, fake: the driver fake did not answer within "
                + "limits.reconcile_time)", 2), (answer.IsDone, answer.Message, answer.Count));
        Assert.Equal("b", Assert.Single(_world.Machine.Servers).Plan.Server.NetworkId.Value);
    }

    private async Task ServeOnceAsync()
    {
        await using var life = await HostLife.StartAsync(_world);
        await life.SyncedAsync();
    }
}

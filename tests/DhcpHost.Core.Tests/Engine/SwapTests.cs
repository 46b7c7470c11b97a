using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Tests.Fakes;
using DhcpHost.DriverConformance.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Core.Tests.Engine;

/// <summary>A driver in the place of another of the same name: a newer version of its plugin, or the same with other options.</summary>
public sealed class SwapTests : IDisposable
{
    private static readonly NetworkId A = new("a");

    private readonly FakeTimeProvider _time = new();
    private readonly World _world = new();
    private readonly FakeDhcpDriver _newer;

    public SwapTests()
    {
        _newer = new(_world.Machine);
        _world.Source.Networks[A] = Sample.Network("a");
        _world.Source.Networks[new("b")] = Sample.Network("b");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _newer.Dispose();
        _world.Dispose();
    }

    [Fact]
    public async Task A_swapped_plugin_takes_its_servers_over_and_they_are_untouched()
    {
        await using var life = await StartAsync();
        var before = _world.Machine.Servers;
        await SwapAsync(life);
        Assert.Equal(2, _newer.CountCalls(FakeOperation.Recover));

        _world.Source.Put(Sample.Network("a", ports: 4));
        await Soon.TrueAsync(() => _world.Machine.Find(new(A))!.Reloads == 1);
        Assert.Equal(before.Select(server => server.Pid), _world.Machine.Servers.Select(server => server.Pid));
    }

    [Fact]
    public async Task What_the_new_version_would_do_otherwise_is_done_at_once_and_nothing_else_is_touched()
    {
        await using var life = await StartAsync();
        var before = _world.Machine.Servers;
        await SwapAsync(life);

        await Soon.TrueAsync(() => _newer.CountCalls(FakeOperation.Apply) == 2);
        await Soon.TrueAsync(() => life.Engine.Networks.All(one => one is { Phase: NetworkPhase.Ready, IsInSync: true }));
        Assert.Equal(before, _world.Machine.Servers);
        Assert.All(life.Engine.Networks, one => Assert.Equal(ApplyAction.Unchanged, one.Servers.Single().LastAction));
    }

    [Fact]
    public async Task A_network_that_the_version_before_could_not_serve_is_tried_at_once()
    {
        await using var life = new HostLife(_world, limits => limits.RetryAttempts = 1, timeProvider: _time);
        life.Dhcp.Misbehave(FakeOperation.Apply, new FakeFault.Throws(() => new DhcpHostException(FailureKind.Invalid, "no")), new ServerKey(A), int.MaxValue);
        await life.Engine.StartAsync(Token);
        await life.PhaseAsync(A, NetworkPhase.Quarantined);

        await SwapAsync(life);
        await life.PhaseAsync(A, NetworkPhase.Ready);
    }

    [Fact]
    public async Task Swaps_beyond_the_budget_of_resyncs_have_their_networks_looked_at_when_there_is_room()
    {
        await using var life = await StartAsync();
        while ((await life.Engine.ResyncAllAsync("spend", Token)).IsDone)
        {
        }

        await SwapAsync(life);
        await Soon.TrueAsync(() => life.Engine.Status is { QueueLength: 0, BusyWorkers: 0 });
        Assert.Equal(0, _newer.CountCalls(FakeOperation.Apply));

        _time.Advance(TimeSpan.FromMinutes(1));
        await Soon.TrueAsync(() => _newer.CountCalls(FakeOperation.Apply) == 2);
    }

    private async Task<HostLife> StartAsync()
    {
        var life = await HostLife.StartAsync(_world, timeProvider: _time);
        await life.SyncedAsync();
        return life;
    }

    private async Task SwapAsync(HostLife life)
    {
        life.Registry.Loaded.RemoveAll(driver => driver is IDhcpDriver);
        life.Registry.Loaded.Add(_newer);
        await life.Registry.Takeover!(_newer, Token);
    }
}

using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Tests.Fakes;
using DhcpHost.DriverConformance.Fakes;

namespace DhcpHost.Core.Tests.Engine;

public sealed class DhcpEngineTests : IDisposable
{
    private readonly World _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_network_of_the_first_list_is_served_whole_and_its_ports_are_reported()
    {
        var network = Sample.Network("a");
        _world.Source.Networks[network.Id] = network;
        await using var life = await HostLife.StartAsync(_world);

        await life.PhaseAsync(network.Id, NetworkPhase.Ready);
        var server = Assert.Single(_world.Machine.Servers);
        Assert.Equal(["10.0.0.2/24"], server.Plan.Interface.Addresses.Select(address => address.ToString()));
        Assert.Equal([.. network.Ports.Select(port => port.Id), new PortId("host-a")], server.Plan.Network.Ports.Select(port => port.Id));
        Assert.Equal("10.0.0.1", Assert.Single(_world.Interfaces.Made.Values).Plan.Gateways.Single().ToString());
        await Soon.TrueAsync(() => _world.Source.Ready.SelectMany(report => report.PortIds).Count() == 2);
        var status = life.Engine.FindStatus(network.Id)!;
        Assert.True(status.IsInSync);
        Assert.Equal(ApplyAction.Started, Assert.Single(status.Servers).LastAction);
        Assert.True(life.Engine.Status.IsSynced);
    }

    [Fact]
    public async Task A_changed_port_costs_one_reload_of_the_server_and_no_call_of_interface_or_source()
    {
        var network = Sample.Network("a");
        _world.Source.Networks[network.Id] = network;
        await using var life = await HostLife.StartAsync(_world);
        await life.PhaseAsync(network.Id, NetworkPhase.Ready);

        var changed = network.WithPort("a-port-new", 9);
        _world.Source.Put(changed, priority: 1, awaited: [new("a-port-new")]);

        await Soon.TrueAsync(() => _world.Source.Ready.Any(report => report.IsLive && report.PortIds.SequenceEqual([new PortId("a-port-new")])));
        Assert.Equal(1, _world.Machine.Servers.Single().Reloads);
        Assert.Equal(1, life.Interface.CountCalls(FakeOperation.Apply));
        Assert.Equal(1, _world.Source.CountCalls("EnsureHostPort"));
        Assert.Equal(0, _world.Source.CountCalls("Get"));
    }

    [Fact]
    public async Task A_network_that_goes_takes_all_with_it_in_reverse_order_and_gives_the_port_back()
    {
        var network = Sample.Network("a") with { Metadata = MetadataMode.Forced };
        _world.Source.Networks[network.Id] = network;
        await using var life = await HostLife.StartAsync(_world);
        await life.PhaseAsync(network.Id, NetworkPhase.Ready);
        Assert.Single(_world.Proxies.Made);

        _world.Source.Remove(network.Id);

        await Soon.TrueAsync(() => life.Engine.FindStatus(network.Id) is null && _world.Interfaces.Made.IsEmpty);
        Assert.Empty(_world.Machine.Servers);
        Assert.Empty(_world.Proxies.Made);
        Assert.Empty(_world.Source.HostPorts);
        Assert.Empty(life.State.Networks);
    }

    [Fact]
    public async Task An_unchanged_resync_calls_no_driver()
    {
        var network = Sample.Network("a");
        _world.Source.Networks[network.Id] = network;
        await using var life = await HostLife.StartAsync(_world);
        await life.PhaseAsync(network.Id, NetworkPhase.Ready);
        var calls = life.Dhcp.Calls.Count;

        var answer = await life.Engine.ResyncAllAsync("test", TestContext.Current.CancellationToken);

        Assert.True(answer.IsDone, answer.Message);
        await life.SyncedAsync();
        Assert.Equal(calls, life.Dhcp.Calls.Count);
    }

    [Fact]
    public async Task After_a_crash_all_servers_are_adopted_and_none_is_touched()
    {
        foreach (var id in Enumerable.Range(0, 50))
        {
            _world.Source.Networks[new($"n{id}")] = Sample.Network($"n{id}");
        }

        var first = await HostLife.StartAsync(_world);
        await first.SyncedAsync();
        var before = _world.Machine.Servers;
        await first.CrashAsync();

        await using var second = await HostLife.StartAsync(_world);
        await second.SyncedAsync();
        Assert.Equal(50, second.Engine.Status.AdoptedServers);
        Assert.Equal(before, _world.Machine.Servers);
        Assert.All(second.Engine.Networks, status => Assert.Equal(ApplyAction.Unchanged, status.Servers.Single().LastAction));
    }

    [Fact]
    public async Task The_history_says_how_many_servers_run_on_after_a_stop()
    {
        foreach (var id in new[] { "a", "b" })
        {
            _world.Source.Networks[new(id)] = Sample.Network(id);
        }

        await RunOnceAsync();
        await RunOnceAsync();

        Assert.Equal(["2 servers run on", "2 servers run on"], await StopsAsync());
    }

    [Fact]
    public async Task The_history_counts_servers_that_end_with_the_host_apart()
    {
        _world.Source.Networks[new("a")] = Sample.Network("a") with { Metadata = MetadataMode.Forced };
        _world.Source.Networks[new("b")] = Sample.Network("b");
        await RunOnceAsync();

        Assert.Equal(["2 servers run on, 1 end with the host and are taken up by its next start"], await StopsAsync());
    }

    private async Task RunOnceAsync()
    {
        await using var life = await HostLife.StartAsync(_world);
        await life.SyncedAsync();
    }

    private async Task<IReadOnlyList<string>> StopsAsync()
    {
        await using var life = await HostLife.StartAsync(_world);
        return [.. (await life.EventsAsync("engine.stopped")).Select(one => one.Message)];
    }
}

using System.Text.Json;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Policies;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Engine;
using DhcpHost.Core.Tests.Fakes;
using DhcpHost.Core.Workers;
using DhcpHost.DriverConformance.Fakes;

namespace DhcpHost.Core.Tests.Engine;

public sealed class LimitTests : IDisposable
{
    private readonly World _world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task Networks_beyond_the_limit_are_refused_whole_and_served_when_there_is_room()
    {
        Put(5);
        await using var life = await HostLife.StartAsync(_world, limits => limits.Networks = 3);
        await life.SyncedAsync();
        Assert.Equal((3, 2), (life.Engine.Status.Phases["ready"], life.Engine.Status.Phases["refused"]));
        Assert.Equal((3, 3, 3), (_world.Machine.Servers.Count, _world.Interfaces.Made.Count, _world.Source.HostPorts.Count));
        var refused = life.Engine.Networks.First(status => status.Phase == NetworkPhase.Refused);
        Assert.Equal("limits.networks is 3, and reached; it is served when there is room", refused.Message);
        Assert.Equal(2, (await life.EventsAsync("limit.reached")).Count);

        _world.Source.Remove(life.Engine.Networks.First(status => status.Phase == NetworkPhase.Ready).Id);
        await Soon.TrueAsync(() => life.Engine.Status.Phases["ready"] == 3 && life.Engine.Status.Phases["refused"] == 1);

        life.Engine.Reconfigure(life.Defaults, new() { Networks = 10 });
        await Soon.TrueAsync(() => life.Engine.Status.Phases["ready"] == 4);
    }

    [Fact]
    public async Task Servers_beyond_the_limit_are_refused_before_anything_of_the_network_is_made()
    {
        Put(2, network => network with { Metadata = MetadataMode.Forced });
        await using var life = await HostLife.StartAsync(_world, limits => limits.Servers = 3);
        await life.SyncedAsync();
        Assert.Equal((1, 1), (life.Engine.Status.Phases["ready"], life.Engine.Status.Phases["refused"]));
        Assert.Equal((1, 1, 1, 1), (_world.Machine.Servers.Count, _world.Proxies.Made.Count, _world.Interfaces.Made.Count, _world.Source.HostPorts.Count));
    }

    [Fact]
    public async Task A_network_that_grows_beyond_its_limit_is_served_on_as_it_was()
    {
        Put(1);
        await using var life = await HostLife.StartAsync(_world, limits => limits.PortsPerNetwork = 5);
        await life.PhaseAsync(new("n0"), NetworkPhase.Ready);
        _world.Source.Put(Sample.Network("n0", ports: 6));
        await life.PhaseAsync(new("n0"), NetworkPhase.Refused);
        Assert.Contains("limits.ports_per_network is 5, it has 6", life.Engine.FindStatus(new("n0"))!.Message, StringComparison.Ordinal);
        Assert.Equal(3, Assert.Single(_world.Machine.Servers).Plan.Network.Ports.Count);
        _world.Source.Put(Sample.Network("n0", ports: 5));
        await life.PhaseAsync(new("n0"), NetworkPhase.Ready);
    }

    [Fact]
    public async Task Resyncs_beyond_the_budget_are_refused_with_the_time_when_they_are_not()
    {
        await using var life = await HostLife.StartAsync(_world, limits => limits.ResyncsPerMinute = 2);
        Assert.True((await life.Engine.ResyncAllAsync("one", Token)).IsDone);
        Assert.True((await life.Engine.ResyncAllAsync("two", Token)).IsDone);
        var refused = await life.Engine.ResyncAllAsync("three", Token);
        Assert.False(refused.IsDone);
        Assert.Matches("^limits.resyncs_per_minute is 2, and reached: ask again in (59|60) s$", refused.Message);
    }

    [Fact]
    public async Task The_pool_follows_the_policy_within_its_limits_and_every_change_says_what_clamped_it()
    {
        Put(40);
        var policies = new ManualPolicies { Size = context => context.Pending > 0 ? 100 : 0 };
        await using var life = new HostLife(_world, limits => (limits.WorkersMin, limits.WorkersMax) = (2, 4), policies: policies);
        life.Dhcp.Misbehave(FakeOperation.Apply, new FakeFault.IsSlow(TimeSpan.FromMilliseconds(20)), times: int.MaxValue);
        await life.Engine.StartAsync(Token);
        await Soon.TrueAsync(() => life.Engine.Status.Workers == 4);
        await life.SyncedAsync();
        life.Engine.ResizePool();
        Assert.Equal(2, life.Engine.Status.Workers);
        var events = await life.EventsAsync("pool.resized");
        Assert.Contains(events, one => one.Message == "2 → 4 workers: pool-size (test) answers 100, clamped by limits.workers_max");
        Assert.Contains(events, one => one.Message == "4 → 2 workers: pool-size (test) answers 0, clamped by limits.workers_min");
        var details = events.Last(one => one.Message.StartsWith("4 → 2", StringComparison.Ordinal)).Details!;
        Assert.StartsWith(
            """{"answer":0,"origin":"test","before":4,"size":2,"limit":"workers_min","input":{"networks":40,"pending":0,""", details, StringComparison.Ordinal);
        Assert.Equal(details, JsonSerializer.Serialize(JsonSerializer.Deserialize<PoolResize>(details, ModelJson.Options), ModelJson.Options));
        Assert.Equal(40, life.Engine.Status.Phases["ready"]);
    }

    [Fact]
    public async Task An_answer_below_the_least_is_no_event_where_the_pool_has_its_least_size()
    {
        Put(10);
        var policies = new ManualPolicies { Size = _ => 0 };
        await using var life = await HostLife.StartAsync(_world, limits => limits.WorkersMin = 2, policies: policies);
        await life.SyncedAsync();
        Assert.Equal("2 workers, as before", life.Engine.ResizePool().Message);
        Assert.Empty(await life.EventsAsync("pool.resized"));
    }

    [Fact]
    public async Task The_built_in_rule_asks_for_no_less_than_the_least_when_there_is_nothing_to_do()
    {
        Put(40);
        await using var life = await HostLife.StartAsync(_world, limits => limits.WorkersMin = 3);
        await life.SyncedAsync();
        life.Engine.ResizePool();
        Assert.Equal(3, life.Engine.Status.Workers);
        Assert.All(await life.EventsAsync("pool.resized"), one => Assert.DoesNotContain("workers_min", one.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_policies_decide_and_a_changed_one_decides_anew()
    {
        Put(2);
        var policies = new ManualPolicies { Admission = context => context.Network.Id.Value == "n1" ? AdmitDecision.Refuse("not here") : AdmitDecision.Admit };
        await using var life = await HostLife.StartAsync(_world, policies: policies);
        await life.SyncedAsync();
        Assert.Equal((NetworkPhase.Refused, "not here"), (life.PhaseOf(new("n1")), life.Engine.FindStatus(new("n1"))!.Message));
        Assert.Single(await life.EventsAsync("policy.decided"));

        policies.Admission = null;
        policies.Options = context => context.Default with { LeaseTime = TimeSpan.FromHours(2) };
        policies.Changed();
        await life.PhaseAsync(new("n1"), NetworkPhase.Ready);
        await Soon.TrueAsync(() => _world.Machine.Servers.All(server => server.Plan.Options.LeaseTime == TimeSpan.FromHours(2)));
    }

    [Fact]
    public async Task A_decision_is_recorded_once_however_often_it_is_made()
    {
        Put(2);
        var policies = DecidingPolicies();
        await using var life = await HostLife.StartAsync(_world, policies: policies);
        await life.SyncedAsync();
        await RedecideAsync(life, policies);

        var decided = await life.EventsAsync("policy.decided");
        Assert.Equal(
            ["n0: server-options", "n1: admit-network"],
            decided.Select(one => $"{one.NetworkId}: {one.Message.Split(' ')[0]}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Policies_that_record_what_they_decide_have_it_recorded_by_nobody_else()
    {
        Put(2);
        var policies = DecidingPolicies();
        policies.RecordsDecisions = true;
        await using var life = await HostLife.StartAsync(_world, policies: policies);
        await life.SyncedAsync();
        await RedecideAsync(life, policies);

        Assert.Equal((NetworkPhase.Refused, "not here"), (life.PhaseOf(new("n1")), life.Engine.FindStatus(new("n1"))!.Message));
        Assert.Empty(await life.EventsAsync("policy.decided"));
    }

    [Fact]
    public async Task A_reload_of_the_settings_reaches_every_network()
    {
        Put(2);
        await using var life = await HostLife.StartAsync(_world);
        await life.SyncedAsync();
        life.Engine.Reconfigure(new DefaultsOptions { InterfaceDriver = "wire", DhcpDriver = "fake", DnsDomain = "lab.example" }, life.Limits);
        await Soon.TrueAsync(() => _world.Machine.Servers.All(server => server.Plan.Options.DnsDomain == "lab.example"));
    }

    private static ManualPolicies DecidingPolicies() => new()
    {
        Admission = context => context.Network.Id.Value == "n1" ? AdmitDecision.Refuse("not here") : AdmitDecision.Admit,
        Options = context => context.Default with { LeaseTime = TimeSpan.FromHours(2) },
    };

    private static async Task RedecideAsync(HostLife life, ManualPolicies policies)
    {
        var (decide, asked) = (policies.Admission!, 0);
        policies.Admission = context =>
        {
            Interlocked.Increment(ref asked);
            return decide(context);
        };
        policies.Changed();
        await Soon.TrueAsync(() => Volatile.Read(ref asked) >= 2 && life.Engine.Status.QueueLength == 0 && life.Engine.Status.BusyWorkers == 0);
    }

    private void Put(int count, Func<Network, Network>? change = null)
    {
        for (var number = 0; number < count; number++)
        {
            var network = Sample.Network($"n{number}");
            _world.Source.Networks[network.Id] = change?.Invoke(network) ?? network;
        }
    }
}

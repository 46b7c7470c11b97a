using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Engine;
using DhcpHost.Core.Tests.Fakes;
using DhcpHost.DriverConformance.Fakes;

namespace DhcpHost.Core.Tests.Engine;

public sealed class PlanAndSweepTests : IDisposable
{
    private static readonly NetworkId A = new("a");
    private readonly World _world = new();

    public PlanAndSweepTests() => _world.Source.Networks[A] = Sample.Network("a");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_plan_of_an_engine_that_is_not_started_touches_nothing_and_knows_what_runs()
    {
        var first = await HostLife.StartAsync(_world);
        await first.SyncedAsync();
        await first.DisposeAsync();
        _world.Source.Networks[new("new")] = Sample.Network("new");
        _world.Source.Networks[new("off")] = Sample.Network("off") with { AdminStateUp = false };
        var servers = _world.Machine.Servers;
        var state = await File.ReadAllBytesAsync(Path.Combine(_world.StateDirectory, "state.db"), Token);
        _world.Source.Calls.Clear();

        var life = new HostLife(_world);
        var plans = await PlanAsync(life);
        Assert.Equal(["a", "new", "off"], plans.Select(plan => plan.Id.Value));
        Assert.Equal([ApplyAction.Unchanged, ApplyAction.Unchanged], plans[0].Steps.Select(step => step.Preview!.Action));
        Assert.Equal([ApplyAction.Started, ApplyAction.Started], plans[1].Steps.Select(step => step.Preview!.Action));
        Assert.Equal("its administrative state is down", plans[2].Reason);

        Assert.Equal(servers, _world.Machine.Servers);
        Assert.Equal(["List"], _world.Source.Calls.Select(call => call.Name));
        Assert.Equal(state, await File.ReadAllBytesAsync(Path.Combine(_world.StateDirectory, "state.db"), Token));

        _world.Source.Networks.TryRemove(A, out _);
        var gone = Assert.Single(await PlanAsync(life), plan => plan.Id == A);
        Assert.Equal(["fake", "wire"], gone.Steps.Select(step => step.DriverId.Value));
        Assert.All(gone.Steps, step => Assert.Null(step.Preview));
        await life.State.DisposeAsync();
    }

    [Fact]
    public async Task An_orphan_is_swept_after_its_grace_and_nothing_of_a_known_network_is()
    {
        var plan = await ServedPlanAsync();
        _world.Machine.Start(plan with { Server = new(new("orphan")) });
        _world.Machine.Start(plan with { Server = new(new("foreign")) }, isOurs: false);
        await using var life = await HostLife.StartAsync(_world, options: options => options.OrphanGraceTime = TimeSpan.FromMilliseconds(100));
        await life.SyncedAsync();

        var dry = await life.Engine.SweepOrphansAsync(dryRun: true, Token);
        Assert.Equal("1 orphans would be removed: fake orphan", dry.Message);
        Assert.Equal(0, (await life.Engine.SweepOrphansAsync(dryRun: false, Token)).Count);
        Assert.Equal(3, _world.Machine.Servers.Count);
        await Testing.Eventually.TrueAsync(async () => (await life.Engine.SweepOrphansAsync(dryRun: false, Token)).Count == 1, cancellationToken: Token);
        await Soon.TrueAsync(() => _world.Machine.Find(new(new("orphan"))) is null);
        Assert.NotNull(_world.Machine.Find(new(new("foreign"))));
        Assert.NotNull(_world.Machine.Find(new(A)));
    }

    [Fact]
    public async Task Where_the_sources_tell_of_nothing_at_all_nothing_is_swept()
    {
        var plan = await ServedPlanAsync();
        _world.Source.Networks.Clear();
        _world.Machine.Start(plan with { Server = new(new("orphan")) });
        await using var life = await HostLife.StartAsync(_world, options: options => options.OrphanGraceTime = TimeSpan.Zero);
        await life.SyncedAsync();
        var answer = await life.Engine.SweepOrphansAsync(dryRun: false, Token);
        Assert.Equal((false, "nothing is swept: the sources tell of no network at all, which may be their mistake"), (answer.IsDone, answer.Message));
    }

    [Fact]
    public async Task A_lost_state_file_costs_no_client_its_server()
    {
        await ServedPlanAsync();
        var before = _world.Machine.Servers;
        foreach (var file in Directory.GetFiles(_world.StateDirectory))
        {
            await File.WriteAllTextAsync(file, new string('?', 5_000), Token);
        }

        await using var life = await HostLife.StartAsync(_world);
        await life.SyncedAsync();
        Assert.Equal(before, _world.Machine.Servers);
        Assert.Equal(1, life.Engine.Status.AdoptedServers);
        Assert.Single(await life.EventsAsync("state.corrupt"));
        Assert.Single(await life.EventsAsync("state.refound"));
    }

    [Fact]
    public async Task A_network_that_changes_its_driver_never_has_two_servers_and_its_leases_go_to_the_next_one()
    {
        var machine = new FakeMachine();
        using var other = new FakeDhcpDriver(machine, id: "other");
        await using var life = new HostLife(_world);
        life.Registry.Loaded.Add(other);
        await life.Engine.StartAsync(Token);
        await life.PhaseAsync(A, NetworkPhase.Ready);
        var lease = new Lease { Address = System.Net.IPAddress.Parse("10.0.0.77") };
        var ended = new Lease { Address = System.Net.IPAddress.Parse("10.0.0.78"), ExpiresAt = DateTimeOffset.UnixEpoch };
        _world.Machine.Change(new(A), server => server with { Leases = [lease, ended] });

        _world.Source.Put(Sample.Network("a") with { DhcpDriver = new("other") });
        await Soon.TrueAsync(() => machine.Servers.Count == 1 && life.PhaseOf(A) == NetworkPhase.Ready);
        Assert.Empty(_world.Machine.Servers);
        Assert.Equal([lease], machine.Servers[0].Leases);
        Assert.Single(await life.EventsAsync("leases.inherited"));
        Assert.Equal(2, life.State.Find(A).Handles.Count);
    }

    [Fact]
    public async Task A_driver_that_is_not_healthy_does_not_take_a_network_from_the_one_that_serves_it()
    {
        using var other = new FakeDhcpDriver(new FakeMachine(), id: "other");
        await using var life = new HostLife(_world);
        life.Registry.Loaded.Add(other);
        life.Registry.Ill[new("other")] = "there is no such program";
        await life.Engine.StartAsync(Token);
        await life.PhaseAsync(A, NetworkPhase.Ready);

        _world.Source.Put(Sample.Network("a") with { DhcpDriver = new("other") });
        await life.PhaseAsync(A, NetworkPhase.Retrying);
        Assert.Contains("there is no such program", life.Engine.FindStatus(A)!.Message, StringComparison.Ordinal);
        Assert.Single(_world.Machine.Servers);
        Assert.Empty(other.Machine.Servers);

        _ = life.Registry.Ill.TryRemove(new("other"), out _);
        await Soon.TrueAsync(() => other.Machine.Servers.Count == 1 && life.PhaseOf(A) == NetworkPhase.Ready);
        Assert.Empty(_world.Machine.Servers);
    }

    [Fact]
    public async Task A_lease_that_the_old_server_gave_while_it_was_asked_to_end_goes_over_too()
    {
        var machine = new FakeMachine();
        using var other = new FakeDhcpDriver(machine, id: "other");
        await using var life = new HostLife(_world);
        life.Registry.Loaded.Add(other);
        await life.Engine.StartAsync(Token);
        await life.PhaseAsync(A, NetworkPhase.Ready);
        var (early, late) = (new Lease { Address = System.Net.IPAddress.Parse("10.0.0.77") }, new Lease { Address = System.Net.IPAddress.Parse("10.0.0.78") });
        _world.Machine.Change(new(A), server => server with { Leases = [early] });
        var release = new TaskCompletionSource();
        life.Dhcp.Misbehave(FakeOperation.Remove, new FakeFault.IgnoresCancellation(release.Task));

        _world.Source.Put(Sample.Network("a") with { DhcpDriver = new("other") });
        await Soon.TrueAsync(() => life.Dhcp.CountCalls(FakeOperation.Remove) == 1);
        _world.Machine.Change(new(A), server => server with { Leases = [early, late] });
        release.SetResult();

        await Soon.TrueAsync(() => machine.Servers.Count == 1 && life.PhaseOf(A) == NetworkPhase.Ready);
        Assert.Equal([early, late], machine.Servers[0].Leases.OrderBy(lease => lease.Address.ToString()));
    }

    [Fact]
    public async Task A_server_that_ended_while_the_host_was_away_is_followed_by_one_with_the_leases_that_it_left_not_with_the_last_snapshot()
    {
        var (early, late) = (new Lease { Address = System.Net.IPAddress.Parse("10.0.0.77") }, new Lease { Address = System.Net.IPAddress.Parse("10.0.0.78") });
        await using (var life = await HostLife.StartAsync(_world))
        {
            await life.PhaseAsync(A, NetworkPhase.Ready);
            _world.Machine.Change(new(A), server => server with { Leases = [early] });
            Assert.Equal(1, (await life.Engine.SnapshotLeasesAsync(Token)).Count);
            _world.Machine.Change(new(A), server => server with { Leases = [late] });
            await life.CrashAsync();
        }

        _world.Machine.Vanish(new(A));
        await using var next = await HostLife.StartAsync(_world);
        await next.PhaseAsync(A, NetworkPhase.Ready);
        Assert.Equal([late], _world.Machine.Servers.Single(server => server.Plan.Server == new ServerKey(A)).Leases);
    }

    [Fact]
    public async Task A_network_that_was_disabled_finds_its_leases_again_also_after_a_crash()
    {
        var lease = new Lease { Address = System.Net.IPAddress.Parse("10.0.0.77") };
        await using (var life = await HostLife.StartAsync(_world))
        {
            await life.PhaseAsync(A, NetworkPhase.Ready);
            _world.Machine.Change(new(A), server => server with { Leases = [lease] });
            _world.Source.Put(Sample.Network("a") with { AdminStateUp = false });
            await life.PhaseAsync(A, NetworkPhase.Disabled);
            await life.CrashAsync();
        }

        _world.Source.Networks[A] = Sample.Network("a");
        await using var next = await HostLife.StartAsync(_world);
        await next.PhaseAsync(A, NetworkPhase.Ready);
        Assert.Equal([lease], _world.Machine.Servers.Single(server => server.Plan.Server == new ServerKey(A)).Leases);
    }

    [Fact]
    public async Task A_network_that_needs_a_proxy_for_which_there_is_no_driver_is_degraded_and_says_the_cure()
    {
        _world.Source.Networks[A] = Sample.Network("a") with { Metadata = MetadataMode.Isolated };
        await using var life = await HostLife.StartAsync(_world, defaults: defaults => defaults.MetadataDriver = "");
        await life.PhaseAsync(A, NetworkPhase.Degraded);
        Assert.Contains("defaults.metadata_driver", life.Engine.FindStatus(A)!.Message, StringComparison.Ordinal);
        Assert.Equal(MetadataMode.Off, _world.Machine.Find(new(A))!.Plan.Metadata);
    }

    [Fact]
    public async Task A_disabled_network_has_nothing_and_an_enabled_one_has_it_back()
    {
        await using var life = await HostLife.StartAsync(_world);
        await life.PhaseAsync(A, NetworkPhase.Ready);
        _world.Source.Put(Sample.Network("a") with { AdminStateUp = false });
        await life.PhaseAsync(A, NetworkPhase.Disabled);
        Assert.Empty(_world.Machine.Servers);
        Assert.Empty(_world.Interfaces.Made);
        Assert.Empty(_world.Source.HostPorts);
        _world.Source.Put(Sample.Network("a") with { Subnets = [Sample.Subnet("a-v4", "10.0.0.0/24") with { EnableDhcp = false }] });
        await Soon.TrueAsync(() => life.Engine.FindStatus(A)!.Message == "DHCP is enabled on none of its subnets");
        _world.Source.Put(Sample.Network("a"));
        await life.PhaseAsync(A, NetworkPhase.Ready);
        Assert.Single(_world.Machine.Servers);
    }

    [Fact]
    public async Task Each_segment_has_a_server_of_its_own_and_one_that_goes_takes_its_own_away()
    {
        var (one, two) = (new SegmentId("s1"), new SegmentId("s2"));
        var network = Sample.Network("a") with
        {
            Segments = [new Segment { Id = one }, new Segment { Id = two }],
            Subnets = [Sample.Subnet("v1", "10.1.0.0/24") with { SegmentId = one }, Sample.Subnet("v2", "10.2.0.0/24") with { SegmentId = two }],
        };
        _world.Source.Networks[A] = network;
        await using var life = await HostLife.StartAsync(_world);
        await life.PhaseAsync(A, NetworkPhase.Ready);
        Assert.Equal(
            [new ServerKey(A, one), new ServerKey(A, two)], _world.Machine.Servers.Select(server => server.Plan.Server).OrderBy(key => key.ToString()));
        Assert.All(_world.Machine.Servers, server => Assert.Single(server.Plan.Network.Subnets));

        _world.Source.Put(network with { Subnets = network.Subnets.Take(1).ToEquatableArray() });
        await Soon.TrueAsync(() => _world.Machine.Servers.Count == 1 && _world.Source.HostPorts.Count == 1 && life.PhaseOf(A) == NetworkPhase.Ready);
        Assert.Equal(new ServerKey(A, one), _world.Machine.Servers.Single().Plan.Server);
    }

    [Fact]
    public async Task A_handle_that_speaks_of_another_server_is_a_bug_of_the_driver_and_is_not_kept()
    {
        await using var life = new HostLife(_world);
        life.Dhcp.Misbehave(FakeOperation.Apply, new FakeFault.WrongHandle(handle => handle with { Server = new(new("b")) }), times: int.MaxValue);
        await life.Engine.StartAsync(Token);
        await life.PhaseAsync(A, NetworkPhase.Retrying);
        Assert.Equal("The driver fake was asked for a, but gave a handle of the driver fake for b.", life.Engine.FindStatus(A)!.Message);
        life.Dhcp.Behave();
        life.Engine.Resync(A);
        await life.PhaseAsync(A, NetworkPhase.Ready);
        Assert.Equal(1, _world.Machine.MostForOneKey);
    }

    private static async Task<List<NetworkPreview>> PlanAsync(HostLife life)
    {
        var plans = new List<NetworkPreview>();
        await foreach (var plan in life.Engine.PlanAsync(null, Token))
        {
            plans.Add(plan);
        }

        return plans;
    }

    private async Task<DhcpPlan> ServedPlanAsync()
    {
        await using var life = await HostLife.StartAsync(_world);
        await life.SyncedAsync();
        return _world.Machine.Servers.Single().Plan;
    }
}

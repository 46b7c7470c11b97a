using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Linux.Netlink;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.Plugin.Bridge.Tests;

/// <summary>Against the kernel: what the driver says it did is compared with what the kernel has.</summary>
public sealed class BridgeInterfaceDriverTests : IAsyncLifetime
{
    private static readonly SubnetId V4 = new("v4");

    private readonly LinuxLab _lab = new();
    private readonly string _state = Directory.CreateTempSubdirectory("dhcphost-bridge").FullName;
    private readonly string _bridge;
    private readonly NetworkId _network;
    private BridgeInterfaceDriver _driver = null!;

    public BridgeInterfaceDriverTests()
    {
        Assert.SkipUnless(LinuxLab.IsRoot, "makes namespaces: run it as root");
        _bridge = _lab.NewName("b");
        _network = new(_lab.NewName("net"));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _driver = NewDriver();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var handle in await _driver.DiscoverAsync(CancellationToken.None))
        {
            await _driver.RemoveAsync(handle, RemoveReason.NetworkGone, CancellationToken.None);
        }

        _driver.Dispose();
        await _lab.DisposeAsync();
        Directory.Delete(_state, recursive: true);
    }

    [Fact]
    public async Task Apply_from_nothing_makes_namespace_pair_addresses_and_routes()
    {
        var result = await _driver.ApplyAsync(Plan("10.0.0.2/24", "fd00::2/64") with { Gateways = [IPAddress.Parse("10.0.0.1")], Mtu = 1400 }, null, Token);

        Assert.Equal(ApplyAction.Started, result.Action);
        using var inside = await OpenAsync(result.Interface.Namespace);
        var link = inside.GetLink(result.Interface.Device);
        Assert.True(link.IsUp);
        Assert.Equal(1400, link.Mtu);
        Assert.Equal(MacAddress.Parse("fa:16:3e:00:00:01"), link.Mac);
        Assert.Equal(["10.0.0.2/24", "fd00::2/64"], inside.ListAddresses(link.Index).Where(a => !a.IsLinkLocal).Select(a => a.ToString()).Order());
        Assert.DoesNotContain(inside.ListAddresses(link.Index), address => address.IsTentative);
        Assert.Equal(IPAddress.Parse("10.0.0.1"), inside.ListRoutes(link.Index).Single(route => route is { IsDefault: true, Gateway: not null }).Gateway);
        Assert.True(inside.GetLink("lo").IsUp);
        Assert.Equal(_lab.Host.GetLink(_bridge).Index, HostLinks().Single().MasterIndex);
    }

    [Fact]
    public async Task Apply_again_touches_nothing()
    {
        var first = await _driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        using var inside = await OpenAsync(first.Interface.Namespace);
        var before = inside.GetLink(first.Interface.Device);

        var second = await _driver.ApplyAsync(Plan("10.0.0.2/24"), first.Handle, Token);

        Assert.Equal(ApplyAction.Unchanged, second.Action);
        Assert.Empty(second.Reasons);
        Assert.Equal(first.Handle, second.Handle);
        Assert.Equal(before, inside.GetLink(first.Interface.Device));
    }

    [Fact]
    public async Task Apply_with_other_addresses_changes_these_alone()
    {
        var first = await _driver.ApplyAsync(Plan("10.0.0.2/24", "10.0.1.2/24"), null, Token);

        var second = await _driver.ApplyAsync(Plan("10.0.1.2/24", "10.0.2.2/24"), first.Handle, Token);

        Assert.Equal(ApplyAction.Reloaded, second.Action);
        Assert.Equal(2, second.Reasons.Count);
        using var inside = await OpenAsync(second.Interface.Namespace);
        Assert.Equal(["10.0.1.2/24", "10.0.2.2/24"], inside.ListAddresses().Where(a => !a.IsLinkLocal && !IPAddress.IsLoopback(a.Address)).Select(a => a.ToString()).Order());
    }

    [Fact]
    public async Task Apply_without_a_handle_takes_over_what_an_interrupted_apply_left()
    {
        _ = await _driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        _driver.Dispose();
        _driver = NewDriver();

        var result = await _driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);

        Assert.Equal(ApplyAction.Unchanged, result.Action);
        _ = Assert.Single(HostLinks());
    }

    [Fact]
    public async Task Apply_after_the_namespace_was_deleted_behind_its_back_makes_the_interface_anew()
    {
        var first = await _driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        // Something inside keeps the nameless namespace, and so the old pair, alive.
        using var holder = await OpenAsync(first.Interface.Namespace);
        Assert.True(_lab.Namespaces.Delete(first.Interface.Namespace));
        Assert.Equal(InspectState.Missing, (await _driver.InspectAsync(first.Handle, Token)).State);

        var second = await _driver.ApplyAsync(Plan("10.0.0.2/24"), first.Handle, Token);

        Assert.Equal(ApplyAction.Restarted, second.Action);
        using var inside = await OpenAsync(second.Interface.Namespace);
        Assert.True(inside.GetLink(second.Interface.Device).IsUp);
        Assert.Null(holder.FindLink(first.Interface.Device));
        _ = Assert.Single(HostLinks());
    }

    [Fact]
    public async Task Apply_repairs_what_somebody_changed()
    {
        var first = await _driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        using var inside = await OpenAsync(first.Interface.Namespace);
        var link = inside.GetLink(first.Interface.Device);
        inside.Execute(batch => batch.SetUp(link.Index, isUp: false).SetMac(link.Index, MacAddress.Parse("fa:16:3e:00:00:99")));
        _lab.Host.Execute(batch => batch.SetMaster(HostLinks().Single().Index, 0));
        Assert.Equal(InspectState.Drifted, (await _driver.InspectAsync(first.Handle, Token)).State);

        var second = await _driver.ApplyAsync(Plan("10.0.0.2/24"), first.Handle, Token);

        Assert.Equal(ApplyAction.Reloaded, second.Action);
        Assert.Equal(InspectState.Running, (await _driver.InspectAsync(second.Handle, Token)).State);
        Assert.Equal(_lab.Host.GetLink(_bridge).Index, HostLinks().Single().MasterIndex);
    }

    [Fact]
    public async Task Apply_for_another_port_removes_the_old_interface()
    {
        var first = await _driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);

        var plan = Plan("10.0.0.2/24");
        var second = await _driver.ApplyAsync(plan with { HostPort = plan.HostPort with { Id = new("other") } }, first.Handle, Token);

        Assert.NotEqual(first.Interface.Device, second.Interface.Device);
        _ = Assert.Single(HostLinks());
    }

    [Fact]
    public async Task A_gateway_off_the_subnets_gets_a_route_on_the_link()
    {
        var result = await _driver.ApplyAsync(Plan("10.0.0.2/24") with { Gateways = [IPAddress.Parse("192.0.2.1")] }, null, Token);

        using var inside = await OpenAsync(result.Interface.Namespace);
        Assert.Contains(inside.ListRoutes(), route => route.Destination.Equals(IPNetwork.Parse("192.0.2.1/32")) && route.Gateway is null);
        Assert.Equal(ApplyAction.Unchanged, (await _driver.ApplyAsync(Plan("10.0.0.2/24") with { Gateways = [IPAddress.Parse("192.0.2.1")] }, result.Handle, Token)).Action);
    }

    [Fact]
    public async Task Two_networks_have_the_same_subnet()
    {
        var other = new NetworkId(_lab.NewName("net"));
        var first = await _driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        var second = await _driver.ApplyAsync(Plan(other, "10.0.0.2/24"), null, Token);

        Assert.NotEqual(first.Interface.Namespace, second.Interface.Namespace);
        foreach (var result in new[] { first, second })
        {
            using var inside = await OpenAsync(result.Interface.Namespace);
            Assert.Contains(inside.ListAddresses(), address => address.ToString() == "10.0.0.2/24");
        }
    }

    [Fact]
    public async Task A_missing_bridge_is_an_error_with_its_cure_unless_it_may_be_made()
    {
        using var strict = new BridgeInterfaceDriver(new PluginContext(_state), new(), _lab.Broker);

        var exception = await Assert.ThrowsAsync<DhcpHostException>(() => strict.ApplyAsync(Plan("10.0.0.2/24"), null, Token));

        Assert.Equal(FailureKind.Transient, exception.Kind);
        Assert.Equal($"The bridge {_bridge} does not exist: make it (ip link add {_bridge} type bridge), or set `create_bridges = true` in [drivers.bridge].", exception.Message);
    }

    [Fact]
    public async Task Preview_tells_every_step_and_touches_nothing()
    {
        var preview = await _driver.PreviewAsync(Plan("10.0.0.2/24"), null, Token);

        Assert.Equal(ApplyAction.Started, preview.Action);
        Assert.Contains(preview.Changes, change => change.Subject.StartsWith("address 10.0.0.2/24", StringComparison.Ordinal));
        Assert.False(_lab.Namespaces.Exists("qdhcp-" + _network));
        Assert.Null(_lab.Host.FindLink(_bridge));
        Assert.Empty(await _driver.DiscoverAsync(Token));
    }

    [Fact]
    public async Task Recover_tells_what_became_of_the_interface()
    {
        var result = await _driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        Assert.Equal(RecoverOutcome.Recovered, (await _driver.RecoverAsync(result.Handle, Token)).Outcome);

        _lab.Host.Execute(batch => batch.DeleteLink(HostLinks().Single().Index));
        Assert.Equal(RecoverOutcome.Gone, (await _driver.RecoverAsync(result.Handle, Token)).Outcome);
        Assert.Equal(RecoverOutcome.Gone, (await _driver.RecoverAsync(result.Handle with { Version = 99 }, Token)).Outcome);
        Assert.Equal(RecoverOutcome.Gone, (await _driver.RecoverAsync(result.Handle with { State = "{" }, Token)).Outcome);
    }

    [Fact]
    public async Task Remove_leaves_nothing_and_may_be_repeated()
    {
        var result = await _driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);

        await _driver.RemoveAsync(result.Handle, RemoveReason.NetworkGone, Token);
        await _driver.RemoveAsync(result.Handle, RemoveReason.NetworkGone, Token);

        Assert.False(_lab.Namespaces.Exists(result.Interface.Namespace));
        Assert.Empty(HostLinks());
        Assert.Empty(await _driver.DiscoverAsync(Token));
    }

    [Fact]
    public async Task Remove_leaves_a_namespace_in_which_something_else_lives()
    {
        var result = await _driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        using var inside = await OpenAsync(result.Interface.Namespace);
        inside.Execute(batch => batch.CreateBridge("theirs"));

        await _driver.RemoveAsync(result.Handle, RemoveReason.NetworkGone, Token);

        Assert.True(_lab.Namespaces.Exists(result.Interface.Namespace));
        Assert.True(_lab.Namespaces.Delete(result.Interface.Namespace));
    }

    [Fact]
    public async Task Twenty_networks_at_once_share_a_bridge_that_is_made_once()
    {
        var plans = Enumerable.Range(0, 20).Select(i => Plan(new NetworkId(_lab.NewName("net")), "10.0.0.2/24")).ToArray();

        var results = await Task.WhenAll(plans.Select(plan => _driver.ApplyAsync(plan, null, Token)));

        Assert.All(results, result => Assert.Equal(ApplyAction.Started, result.Action));
        Assert.Equal(20, HostLinks().Count);
        Assert.Equal(20, (await _driver.DiscoverAsync(Token)).Count);
    }

    [Fact]
    public async Task A_link_that_is_deleted_is_told_at_once()
    {
        var result = await _driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        await using var events = _driver.WatchAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await events.MoveNextAsync());
        Assert.True(Assert.IsType<DriverEvent.HealthChanged>(events.Current).Health.IsHealthy);

        _lab.Host.Execute(batch => batch.DeleteLink(HostLinks().Single().Index));

        Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(Eventually.DefaultDeadline, Token));
        Assert.Equal(result.Handle.Server, Assert.IsType<DriverEvent.Drifted>(events.Current).Server);
    }

    [Fact]
    public async Task A_namespace_that_is_deleted_is_told_at_once()
    {
        var result = await _driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        using var holder = await OpenAsync(result.Interface.Namespace);
        await using var events = _driver.WatchAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await events.MoveNextAsync());

        Assert.True(_lab.Namespaces.Delete(result.Interface.Namespace));

        Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(Eventually.DefaultDeadline, Token));
        Assert.Equal(result.Handle.Server, Assert.IsType<DriverEvent.Drifted>(events.Current).Server);
    }

    private BridgeInterfaceDriver NewDriver() => new(new PluginContext(_state), new() { CreateBridges = true }, _lab.Broker);

    private InterfacePlan Plan(params string[] addresses) => Plan(_network, addresses);

    private InterfacePlan Plan(NetworkId network, params string[] addresses) => new()
    {
        Server = new(network),
        Network = new() { Id = network, Attachment = new() { Bridge = _bridge } },
        HostPort = new()
        {
            Id = new("dhcp"),
            MacAddress = MacAddress.Parse("fa:16:3e:00:00:01"),
            FixedIps = [new FixedIp(V4, IPAddress.Parse("10.0.0.2"))],
        },
        Addresses = addresses.Select(address => IPInterfaceAddress.Parse(address, null)).ToEquatableArray(),
    };

    private List<Link> HostLinks() =>
        _lab.Host.FindLink(_bridge) is { } bridge ? [.. _lab.Host.ListLinks().Where(link => link.MasterIndex == bridge.Index)] : [];

    private async Task<RouteNetlink> OpenAsync(string name)
    {
        using var ns = _lab.Namespaces.Open(name);
        return await RouteNetlink.OpenAsync(_lab.Broker, ns, Token);
    }
}

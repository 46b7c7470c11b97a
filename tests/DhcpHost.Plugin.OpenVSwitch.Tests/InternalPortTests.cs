using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;

namespace DhcpHost.Plugin.OpenVSwitch.Tests;

[Collection(OpenVSwitchCollection.Name)]
public sealed class InternalPortTests(OpenVSwitchFixture ovs) : OpenVSwitchDriverTests(ovs)
{
    protected override bool UsesVeth => false;

    [Fact]
    public async Task After_a_restart_of_the_switch_the_new_link_is_moved_in_and_the_port_stays_as_it_is()
    {
        var first = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        await WireAsync(first.Interface, 7);
        await using var events = Driver.WatchAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await events.MoveNextAsync());

        await Ovs.StopSwitchAsync();
        await Ovs.StartSwitchAsync();

        Assert.Equal($"Open vSwitch made {first.Interface.Device} anew, in the host's namespace", (await NextDriftAsync(events)).Reason);
        var second = await Driver.ApplyAsync(Plan("10.0.0.2/24"), first.Handle, Token);
        Assert.Equal(ApplyAction.Restarted, second.Action);
        Assert.Equal("7", await Ovs.ConfigureAsync("get", "Port", first.Interface.Device, "tag"));
        Assert.Null(Lab.Host.FindLink(first.Interface.Device));
        using var inside = await OpenAsync(first.Interface.Namespace);
        Assert.True(inside.GetLink(first.Interface.Device) is { IsUp: true, HasCarrier: true });
        Assert.Equal(InspectState.Running, (await Driver.InspectAsync(second.Handle, Token)).State);
    }

    [Fact]
    public async Task What_the_agent_of_Neutron_left_is_adopted_untouched()
    {
        var tap = "tap" + HostPort.Value[..11];
        var ns = $"qdhcp-{Network}";
        _ = await Ovs.ConfigureAsync(
            "add-port", Bridge, tap, "--", "set", "Interface", tap, "type=internal", $"external_ids:iface-id={HostPort}", "external_ids:iface-status=active",
            "external_ids:attached-mac=\"fa:16:3e:00:00:01\"", "--", "set", "Port", tap, "tag=3");
        string[][] commands =
        [
            ["ip", "netns", "add", ns],
            ["ip", "-n", ns, "link", "set", "lo", "up"],
            ["ip", "link", "set", tap, "address", "fa:16:3e:00:00:01"],
            ["ip", "link", "set", tap, "netns", ns],
            ["ip", "-n", ns, "link", "set", tap, "mtu", "1450"],
            ["ip", "-n", ns, "link", "set", tap, "up"],
            ["ip", "-n", ns, "addr", "add", "10.0.0.2/24", "brd", "10.0.0.255", "dev", tap],
        ];
        foreach (var command in commands)
        {
            _ = await Lab.RunAsync(null, ["/usr/bin/env", .. command], Token);
        }

        var result = await Driver.ApplyAsync(Plan("10.0.0.2/24") with { Mtu = 1450 }, null, Token);

        Assert.Empty(result.Reasons);
        Assert.Equal(ApplyAction.Unchanged, result.Action);
        Assert.Equal("3", await Ovs.ConfigureAsync("get", "Port", tap, "tag"));
    }

    [Fact]
    public async Task A_change_to_veth_pairs_replaces_the_port()
    {
        var first = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        using var veth = NewDriver(StateDirectory, options => options.OvsUseVeth = true);

        var second = await veth.ApplyAsync(Plan("10.0.0.2/24"), first.Handle, Token);

        Assert.Equal("ns-" + HostPort.Value[..11], second.Interface.Device);
        using var inside = await OpenAsync(second.Interface.Namespace);
        Assert.Null(inside.FindLink(first.Interface.Device));
        Assert.Equal("veth", inside.GetLink(second.Interface.Device).Kind);
        Assert.Equal("\"\"", await Ovs.ConfigureAsync("get", "Interface", first.Interface.Device, "type"));
    }

    [Fact]
    public async Task Without_the_switch_a_port_is_not_made_and_with_it_the_apply_goes_on_where_it_was()
    {
        using var impatient = NewDriver(StateDirectory, options => options.OvsdbTimeout = TimeSpan.FromSeconds(1));
        await Ovs.StopSwitchAsync();
        try
        {
            var exception = await Assert.ThrowsAsync<DhcpHostException>(() => impatient.ApplyAsync(Plan("10.0.0.2/24"), null, Token));
            Assert.Equal(FailureKind.Transient, exception.Kind);
            Assert.Equal($"ovs-vswitchd did not make the port tap{HostPort.Value[..11]} in time: is it running?", exception.Message);
        }
        finally
        {
            await Ovs.StartSwitchAsync();
        }

        var result = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);

        Assert.Equal(InspectState.Running, (await Driver.InspectAsync(result.Handle, Token)).State);
    }

    [Fact]
    public async Task Without_the_switch_an_interface_can_be_removed()
    {
        var result = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        using var impatient = NewDriver(StateDirectory, options => options.OvsdbTimeout = TimeSpan.FromSeconds(1));
        await Ovs.StopSwitchAsync();
        try
        {
            await impatient.RemoveAsync(result.Handle, RemoveReason.NetworkGone, Token);
        }
        finally
        {
            await Ovs.StartSwitchAsync();
        }

        Assert.False(Lab.Namespaces.Exists(result.Interface.Namespace));
        Assert.Null(Lab.Host.FindLink(result.Interface.Device));
        Assert.Empty(await Ovs.ConfigureAsync("list-ports", Bridge));
    }

    protected override async Task TakeAwayAsync(InterfaceBinding binding) => _ = await Ovs.ConfigureAsync("del-port", binding.Device);
}

using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Linux.Netlink;
using DhcpHost.Linux.Processes;
using DhcpHost.Testing.Lab;

namespace DhcpHost.Plugin.OpenVSwitch.Tests;

/// <summary>The conformance suite and what both ways into the switch have in common, against a real Open vSwitch.</summary>
public abstract class OpenVSwitchDriverTests : InterfaceDriverContractTests
{
    private readonly string _bridge;

    protected OpenVSwitchDriverTests(OpenVSwitchFixture ovs)
    {
        Ovs = ovs;
        _bridge = Lab.NewName("b");
    }

    protected OpenVSwitchFixture Ovs { get; }

    protected string Bridge => _bridge;

    protected abstract bool UsesVeth { get; }

    [Fact]
    public async Task A_port_has_the_rows_of_Neutron_and_waits_in_the_dead_VLAN()
    {
        var result = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);

        var port = HostDevice(result.Interface);
        Assert.Equal("tap" + HostPort.Value[..11], port);
        Assert.Equal(_bridge, await Ovs.ConfigureAsync("port-to-br", port));
        Assert.Equal(UsesVeth ? "\"\"" : "internal", await Ovs.ConfigureAsync("get", "Interface", port, "type"));
        Assert.Equal(
            $$"""{attached-mac="fa:16:3e:00:00:01", iface-id="{{HostPort}}", iface-status=active}""",
            await Ovs.ConfigureAsync("get", "Interface", port, "external_ids"));
        Assert.Equal("4095\ntrunk\n[4095]", await Ovs.ConfigureAsync("get", "Port", port, "tag", "vlan_mode", "trunks"));
    }

    [Fact]
    public async Task What_the_agent_set_stays()
    {
        var first = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        await WireAsync(first.Interface, 7);
        _ = await Ovs.ConfigureAsync("set", "Interface", HostDevice(first.Interface), "external_ids:theirs=1");

        Assert.Equal(ApplyAction.Unchanged, (await Driver.ApplyAsync(Plan("10.0.0.2/24"), first.Handle, Token)).Action);
        Assert.Equal("7", await Ovs.ConfigureAsync("get", "Port", HostDevice(first.Interface), "tag"));
    }

    [Fact]
    public async Task External_ids_that_somebody_changed_are_repaired_and_others_stay()
    {
        var first = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        var port = HostDevice(first.Interface);
        _ = await Ovs.ConfigureAsync("set", "Interface", port, "external_ids:iface-id=other", "external_ids:theirs=1");

        var second = await Driver.ApplyAsync(Plan("10.0.0.2/24"), first.Handle, Token);

        Assert.Equal(ApplyAction.Reloaded, second.Action);
        Assert.Equal($"\"{HostPort}\"", await Ovs.ConfigureAsync("get", "Interface", port, "external_ids:iface-id"));
        Assert.Equal("\"1\"", await Ovs.ConfigureAsync("get", "Interface", port, "external_ids:theirs"));
    }

    [Fact]
    public async Task A_port_that_is_deleted_from_the_switch_is_told_and_made_anew()
    {
        var first = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        await using var events = Driver.WatchAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await events.MoveNextAsync());

        _ = await Ovs.ConfigureAsync("del-port", HostDevice(first.Interface));

        Assert.Equal(first.Handle.Server, (await NextDriftAsync(events)).Server);
        var second = await Driver.ApplyAsync(Plan("10.0.0.2/24"), first.Handle, Token);
        Assert.NotEqual(ApplyAction.Unchanged, second.Action);
        Assert.Equal(_bridge, await Ovs.ConfigureAsync("port-to-br", HostDevice(first.Interface)));
    }

    [Fact]
    public async Task A_missing_bridge_is_an_error_with_its_cure()
    {
        var plan = Plan("10.0.0.2/24");

        var exception = await Assert.ThrowsAsync<DhcpHostException>(
            () => Driver.ApplyAsync(plan with { Network = plan.Network with { Attachment = new() { Bridge = "br-none" } } }, null, Token));

        Assert.Equal(FailureKind.Transient, exception.Kind);
        Assert.StartsWith("Open vSwitch has no bridge br-none: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Remove_takes_the_port_off_the_switch()
    {
        var result = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);

        await Driver.RemoveAsync(result.Handle, RemoveReason.NetworkGone, Token);

        Assert.Empty(await Ovs.ConfigureAsync("list-ports", _bridge));
    }

    [Fact]
    public async Task Clients_of_two_networks_get_leases_once_the_agent_has_wired_the_ports()
    {
        var (red, blue) = (Plan("10.1.0.2/24"), Plan(new NetworkId(Guid.NewGuid().ToString()), new(Guid.NewGuid().ToString()), "10.2.0.2/24"));
        var interfaces = new[] { (await Driver.ApplyAsync(red, null, Token)).Interface, (await Driver.ApplyAsync(blue, null, Token)).Interface };
        for (var i = 0; i < interfaces.Length; i++)
        {
            await StartServerAsync(interfaces[i], $"10.{i + 1}.0");
        }

        using var first = await AddStationAsync(1);
        using var second = await AddStationAsync(2);
        await using var early = new UdhcpcClient(Lab, first);
        Assert.Null(await early.RequestAsync(Token, TimeSpan.FromSeconds(2)));
        await WireAsync(interfaces[0], 1);
        await WireAsync(interfaces[1], 2);

        await using var late = new UdhcpcClient(Lab, second);
        Assert.StartsWith("10.2.0.", $"{(await late.LeaseAsync(Token)).Address}", StringComparison.Ordinal);
        Assert.StartsWith("10.1.0.", $"{(await early.WaitAsync(e => e.IsBound, Token))?.Address}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_wire_ports_a_client_gets_a_lease_without_any_agent()
    {
        using var wiring = NewDriver(StateDirectory, options => options.WirePorts = true);
        var plan = Plan("10.1.0.2/24");
        plan = plan with { Network = plan.Network with { Attachment = new() { Bridge = _bridge, NetworkType = "vlan", SegmentationId = 12 } } };
        var result = await wiring.ApplyAsync(plan, null, Token);
        Assert.Equal("12\n[]\n[]", await Ovs.ConfigureAsync("get", "Port", HostDevice(result.Interface), "tag", "vlan_mode", "trunks"));
        await StartServerAsync(result.Interface, "10.1.0");
        using var station = await AddStationAsync(12);
        await using var client = new UdhcpcClient(Lab, station);
        Assert.StartsWith("10.1.0.", $"{(await client.LeaseAsync(Token)).Address}", StringComparison.Ordinal);

        _ = await Ovs.ConfigureAsync("set", "Port", HostDevice(result.Interface), "tag=13");
        Assert.Equal(ApplyAction.Reloaded, (await wiring.ApplyAsync(plan, result.Handle, Token)).Action);
        Assert.Equal("12", await Ovs.ConfigureAsync("get", "Port", HostDevice(result.Interface), "tag"));
    }

    protected override NetworkAttachment Attachment => new() { Bridge = _bridge };

    protected override Task PrepareAsync() => Ovs.AddBridgeAsync(_bridge);

    protected override async ValueTask CleanUpAsync() => _ = await Ovs.ConfigureAsync("--if-exists", "del-br", _bridge);

    protected override IInterfaceDriver NewDriver(string stateDirectory) => NewDriver(stateDirectory, _ => { });

    internal OpenVSwitchInterfaceDriver NewDriver(string stateDirectory, Action<OpenVSwitchOptions> configure)
    {
        var options = new OpenVSwitchOptions { OvsdbConnection = Ovs.Endpoint, OvsUseVeth = UsesVeth };
        configure(options);
        return new(new LabPluginContext("openvswitch", stateDirectory), options, Lab.Broker);
    }

    /// <summary>What Neutron's Open vSwitch agent does with a port that it finds.</summary>
    protected async Task WireAsync(InterfaceBinding binding, int vlan) =>
        _ = await Ovs.ConfigureAsync(
            "set",
            "Port",
            HostDevice(binding),
            $"tag={vlan}",
            "--",
            "clear",
            "Port",
            HostDevice(binding),
            "vlan_mode",
            "--",
            "clear",
            "Port",
            HostDevice(binding),
            "trunks");

    /// <summary>A client's machine on the switch.</summary>
    protected async Task<LabStation> AddStationAsync(int vlan)
    {
        var ns = await Lab.NewNamespaceAsync(Token);
        var outer = Lab.NewName("v");
        Lab.Host.Execute(batch => batch.CreateVeth(new(outer, "eth0") { PeerNamespace = ns, IsUp = true }));
        var netlink = await RouteNetlink.OpenAsync(Lab.Broker, ns, Token);
        var link = netlink.GetLink("eth0");
        netlink.Execute(batch => batch.SetUp(link.Index));
        _ = await Ovs.ConfigureAsync("add-port", _bridge, outer, $"tag={vlan}");
        return new(ns, netlink, link);
    }

    private async Task StartServerAsync(InterfaceBinding binding, string prefix)
    {
        using var ns = Lab.Namespaces.Open(binding.Namespace);
        string[] arguments =
        [
            "--keep-in-foreground", "--conf-file=/dev/null", "--port=0", "--no-ping", "--leasefile-ro", "--bind-dynamic", $"--interface={binding.Device}",
            $"--dhcp-range={prefix}.10,{prefix}.99,255.255.255.0,1h", "--pid-file=",
        ];
        _ = await Lab.SpawnAsync(ns, new SpawnSpec("/usr/sbin/dnsmasq", arguments), Token);
    }
}

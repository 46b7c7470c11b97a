using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Netlink;

namespace DhcpHost.Plugin.LinuxBridge.Tests;

/// <summary>The conformance suite, and what this driver has from Neutron.</summary>
public sealed class LinuxBridgeInterfaceDriverTests : InterfaceDriverContractTests
{
    private string Bridge => "brq" + Network.Value[..11];

    [Fact]
    public async Task Names_are_those_of_Neutron()
    {
        var result = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);

        Assert.Equal($"qdhcp-{Network}", result.Interface.Namespace);
        Assert.Equal("ns-" + HostPort.Value[..11], result.Interface.Device);
        var tap = Lab.Host.GetLink("tap" + HostPort.Value[..11]);
        Assert.True(tap is { IsUp: true, HasCarrier: true, MasterIndex: 0 });
        Assert.Equal("1", (await File.ReadAllTextAsync($"/proc/sys/net/ipv6/conf/{tap.Name}/disable_ipv6", Token)).Trim());
    }

    [Fact]
    public async Task The_interface_is_plugged_into_the_bridge_of_the_network_where_there_is_one()
    {
        MakeBridge(Bridge);

        var result = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);

        Assert.Equal(Lab.Host.GetLink(Bridge).Index, Lab.Host.GetLink(HostDevice(result.Interface)).MasterIndex);
    }

    [Fact]
    public async Task A_bridge_that_comes_later_is_told_and_gets_the_interface()
    {
        var first = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        await using var events = Driver.WatchAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await events.MoveNextAsync());
        MakeBridge(Bridge);
        var drift = await NextDriftAsync(events);
        Assert.Equal((first.Handle.Server, true), (drift.Server, drift.IsArrival));

        var second = await Driver.ApplyAsync(Plan("10.0.0.2/24"), first.Handle, Token);

        Assert.Equal(ApplyAction.Reloaded, second.Action);
        Assert.Equal(Lab.Host.GetLink(Bridge).Index, Lab.Host.GetLink(HostDevice(first.Interface)).MasterIndex);
    }

    [Fact]
    public async Task A_bridge_that_comes_later_is_told_once_however_many_events_show_it()
    {
        var applied = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        await using var events = Driver.WatchAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await events.MoveNextAsync());
        MakeBridge(Bridge);
        for (var change = 0; change < 5; change++)
        {
            Lab.Host.Execute(batch => batch.SetMtu(Lab.Host.GetLink(Bridge).Index, 1400 + change));
        }
        Assert.Contains("is not in the bridge", (await NextDriftAsync(events)).Reason, StringComparison.Ordinal);

        Lab.Host.Execute(batch => batch.DeleteLink(HostDevice(applied.Interface)));

        Assert.DoesNotContain("is not in the bridge", (await NextDriftAsync(events)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interface_that_the_agent_plugged_into_another_bridge_stays_there()
    {
        var first = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        var physical = Lab.NewBridge();
        Lab.Host.Execute(batch => batch.SetMaster(Lab.Host.GetLink(HostDevice(first.Interface)).Index, physical.Index));
        MakeBridge(Bridge);

        Assert.Equal(ApplyAction.Unchanged, (await Driver.ApplyAsync(Plan("10.0.0.2/24"), first.Handle, Token)).Action);
        Assert.Equal(physical.Index, Lab.Host.GetLink(HostDevice(first.Interface)).MasterIndex);
    }

    [Fact]
    public async Task Without_plug_into_bridge_the_bridge_is_left_to_the_agent()
    {
        MakeBridge(Bridge);
        using var patient = new LinuxBridgeInterfaceDriver(
            new LabPluginContext("linuxbridge", StateDirectory), new() { PlugIntoBridge = false }, Lab.Broker);

        var result = await patient.ApplyAsync(Plan("10.0.0.2/24"), null, Token);

        Assert.Equal(0, Lab.Host.GetLink(HostDevice(result.Interface)).MasterIndex);
        Assert.Equal(ApplyAction.Unchanged, (await patient.ApplyAsync(Plan("10.0.0.2/24"), result.Handle, Token)).Action);
    }

    [Fact]
    public async Task What_the_agent_of_Neutron_left_is_adopted_and_only_its_checksums_are_changed()
    {
        var (tap, ns) = ("tap" + HostPort.Value[..11], "ns-" + HostPort.Value[..11]);
        // As neutron-dhcp-agent makes it: its commands, in its order.
        string[][] commands =
        [
            ["ip", "netns", "add", $"qdhcp-{Network}"],
            ["ip", "netns", "exec", $"qdhcp-{Network}", "sysctl", "-q", "-w", "net.ipv4.ip_nonlocal_bind=1"],
            ["ip", "-n", $"qdhcp-{Network}", "link", "set", "lo", "up"],
            ["ip", "netns", "exec", $"qdhcp-{Network}", "sysctl", "-q", "-w", "net.ipv6.conf.default.accept_ra=0"],
            ["ip", "link", "add", tap, "type", "veth", "peer", "name", ns, "netns", $"qdhcp-{Network}"],
            ["sysctl", "-q", "-w", $"net.ipv6.conf.{tap}.disable_ipv6=1"],
            ["ip", "-n", $"qdhcp-{Network}", "link", "set", ns, "address", "fa:16:3e:00:00:01"],
            ["ip", "link", "set", tap, "mtu", "1450"],
            ["ip", "-n", $"qdhcp-{Network}", "link", "set", ns, "mtu", "1450"],
            ["ip", "link", "set", tap, "up"],
            ["ip", "-n", $"qdhcp-{Network}", "link", "set", ns, "up"],
            ["ip", "-n", $"qdhcp-{Network}", "addr", "add", "10.0.0.2/24", "brd", "10.0.0.255", "scope", "global", "dev", ns],
            ["ip", "-n", $"qdhcp-{Network}", "addr", "add", "169.254.169.254/32", "dev", ns],
            ["ip", "-n", $"qdhcp-{Network}", "addr", "add", "fe80::a9fe:a9fe/128", "dev", ns],
            ["ip", "-n", $"qdhcp-{Network}", "route", "replace", "default", "via", "10.0.0.1", "dev", ns],
        ];
        foreach (var command in commands)
        {
            _ = await Lab.RunAsync(null, ["/usr/bin/env", .. command], Token);
        }

        using var inside = await OpenAsync($"qdhcp-{Network}");
        var before = inside.GetLink(ns);
        var plan = Plan("10.0.0.2/24", "169.254.169.254/32", "fe80::a9fe:a9fe/128") with { Gateways = [IPAddress.Parse("10.0.0.1")], Mtu = 1450 };

        var result = await Driver.ApplyAsync(plan, null, Token);

        Assert.Equal([$"checksums of {ns}: left to hardware → filled"], result.Reasons);
        Assert.Equal(before, inside.GetLink(ns));
        Assert.Equal(ApplyAction.Unchanged, (await Driver.ApplyAsync(plan, result.Handle, Token)).Action);
    }

    [Fact]
    public async Task Replies_leave_with_their_checksum_filled_in()
    {
        MakeBridge(Bridge);
        var result = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        using var witness = new ChecksumWitness();

        await ChecksumWitness.BroadcastAsync(Lab, result.Interface, Token);
        Assert.True(await witness.NextIsValidAsync(result.Interface.MacAddress, Token));

        // The proof that the witness can tell: a link as the kernel makes it leaves the checksum out.
        var ns = await Lab.NewNamespaceAsync(Token);
        var mac = MacAddress.Parse("fa:16:3e:00:00:77");
        Lab.Host.Execute(batch => batch.CreateVeth(new(Lab.NewName("v"), "plain") { PeerNamespace = ns, PeerMac = mac, IsUp = true }));
        using var inside = await RouteNetlink.OpenAsync(Lab.Broker, ns, Token);
        var link = inside.GetLink("plain").Index;
        inside.Execute(batch => batch.AddAddress(new(link, IPAddress.Parse("10.0.0.3"), 24)).SetUp(link));
        await ChecksumWitness.BroadcastAsync(Lab, new() { Namespace = ns.Name, Device = "plain", MacAddress = mac }, Token);
        Assert.False(await witness.NextIsValidAsync(mac, Token));
    }

    protected override IInterfaceDriver NewDriver(string stateDirectory) =>
        new LinuxBridgeInterfaceDriver(new LabPluginContext("linuxbridge", stateDirectory), new(), Lab.Broker);

    protected override ValueTask CleanUpAsync()
    {
        Lab.Host.Execute(batch => batch.DeleteLink(Bridge).Unless(Errno.ENODEV));
        return base.CleanUpAsync();
    }

    private void MakeBridge(string name) => Lab.Host.Execute(batch => batch.CreateBridge(name));
}

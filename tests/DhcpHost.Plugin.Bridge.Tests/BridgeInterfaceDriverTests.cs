using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Linux.Netlink;
using DhcpHost.Testing;

namespace DhcpHost.Plugin.Bridge.Tests;

/// <summary>The conformance suite, and what this driver does in its own way.</summary>
public sealed class BridgeInterfaceDriverTests : InterfaceDriverContractTests
{
    private readonly string _bridge;

    public BridgeInterfaceDriverTests() => _bridge = Lab.NewName("b");

    protected override NetworkAttachment Attachment => new() { Bridge = _bridge };

    [Fact]
    public async Task The_outer_end_is_a_port_of_the_bridge_without_an_IPv6_address()
    {
        var result = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);

        Assert.Equal(HostDevice(result.Interface), Assert.Single(HostLinks()).Name);
        Assert.True(HostLinks().Single().IsUp);
        Assert.Equal("1", (await File.ReadAllTextAsync($"/proc/sys/net/ipv6/conf/{HostDevice(result.Interface)}/addr_gen_mode", Token)).Trim());
        Assert.DoesNotContain($" {HostDevice(result.Interface)}\n", await File.ReadAllTextAsync("/proc/net/if_inet6", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outer_end_that_was_taken_out_of_the_bridge_goes_back()
    {
        var first = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        Lab.Host.Execute(batch => batch.SetMaster(HostLinks().Single().Index, 0));

        var second = await Driver.ApplyAsync(Plan("10.0.0.2/24"), first.Handle, Token);

        Assert.Equal(ApplyAction.Reloaded, second.Action);
        _ = Assert.Single(HostLinks());
    }

    [Fact]
    public async Task A_missing_bridge_is_an_error_with_its_cure_unless_it_may_be_made()
    {
        var state = Directory.CreateTempSubdirectory("dhcphost-bridge").FullName;
        using var strict = new BridgeInterfaceDriver(new LabPluginContext("bridge", state), new(), Lab.Broker);

        var exception = await Assert.ThrowsAsync<DhcpHostException>(() => strict.ApplyAsync(Plan("10.0.0.2/24"), null, Token));

        Assert.Equal(FailureKind.Transient, exception.Kind);
        Assert.Equal(
            $"The bridge {_bridge} does not exist: make it (ip link add {_bridge} type bridge), or set `create_bridges = true` in [drivers.bridge].",
            exception.Message);
        Directory.Delete(state, recursive: true);
    }

    [Fact]
    public async Task Preview_makes_no_bridge()
    {
        _ = await Driver.PreviewAsync(Plan("10.0.0.2/24"), null, Token);

        Assert.Null(Lab.Host.FindLink(_bridge));
    }

    [Fact]
    public async Task Ids_that_people_write_get_names_of_their_own()
    {
        var first = await Driver.ApplyAsync(Plan(new NetworkId(Lab.NewName("net")), new("dhcp"), "10.0.0.2/24"), null, Token);
        var second = await Driver.ApplyAsync(Plan(new NetworkId(Lab.NewName("net")), new("dhcp"), "10.0.0.2/24"), null, Token);

        Assert.NotEqual(first.Interface.Device, second.Interface.Device);
        Assert.Equal(2, HostLinks().Count);
    }

    [Fact]
    public async Task A_driver_listens_for_links_from_its_first_interface_on()
    {
        await using var events = Driver.WatchAsync(Token).GetAsyncEnumerator(Token);
        _ = Assert.IsType<DriverEvent.HealthChanged>(await events.MoveNextAsync() ? events.Current : null);
        var drift = NextDriftAsync(events);
        Assert.Equal(0, CountListeners());

        var result = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        await Eventually.TrueAsync(() => CountListeners() == 1, cancellationToken: Token);

        await TakeAwayAsync(result.Interface);
        Assert.Equal(result.Handle.Server, (await drift).Server);
    }

    /// <summary>Sockets of this process that are in a group of rtnetlink's.</summary>
    private static int CountListeners()
    {
        var own = new DirectoryInfo("/proc/self/fd").GetFiles().Select(file => file.LinkTarget).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var sockets = File.ReadLines("/proc/self/net/netlink").Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return sockets.Count(fields => fields[1] == "0" && fields[3] != "00000000" && own.Contains($"socket:[{fields[9]}]"));
    }

    protected override IInterfaceDriver NewDriver(string stateDirectory) =>
        new BridgeInterfaceDriver(new LabPluginContext("bridge", stateDirectory), new() { CreateBridges = true }, Lab.Broker);

    private List<Link> HostLinks() =>
        Lab.Host.FindLink(_bridge) is { } bridge ? [.. Lab.Host.ListLinks().Where(link => link.MasterIndex == bridge.Index)] : [];
}

using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Linux.Netlink;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;
using Xunit;

namespace DhcpHost.DriverConformance.Suite;

/// <summary>What every interface driver keeps to, against the kernel: what it says it did is compared with what there is.</summary>
public abstract partial class InterfaceDriverContractTests : IAsyncLifetime
{
    /// <summary>Where the driver keeps its records.</summary>
    protected string StateDirectory { get; } = Directory.CreateTempSubdirectory("dhcphost-interfaces").FullName;

    /// <summary>Skips where nothing can be made.</summary>
    protected InterfaceDriverContractTests() => Assert.SkipUnless(LinuxLab.IsRoot, "makes namespaces: run it as root");

    /// <summary>The test's piece of the machine.</summary>
    protected LinuxLab Lab { get; } = new();

    /// <summary>The driver of the host that runs now.</summary>
    protected IInterfaceDriver Driver { get; private set; } = null!;

    /// <summary>A network with the driver's usual attachment.</summary>
    protected NetworkId Network { get; } = new(Guid.NewGuid().ToString());

    /// <summary>The host's port on it.</summary>
    protected PortId HostPort { get; } = new(Guid.NewGuid().ToString());

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Makes a driver that keeps its records in a directory.</summary>
    protected abstract IInterfaceDriver NewDriver(string stateDirectory);

    /// <summary>Where the networks of the test are.</summary>
    protected virtual NetworkAttachment Attachment => new();

    /// <summary>Prepares what an operator would have.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>Ends what <see cref="PrepareAsync"/> began.</summary>
    protected virtual ValueTask CleanUpAsync() => ValueTask.CompletedTask;

    /// <summary>Takes the interface away, behind the driver's back.</summary>
    protected virtual async Task TakeAwayAsync(InterfaceBinding binding)
    {
        using var inside = await OpenAsync(binding.Namespace);
        inside.Execute(batch => batch.DeleteLink(binding.Device));
    }

    /// <summary>The name of the end in the host's namespace, or in the switch.</summary>
    protected static string HostDevice(InterfaceBinding binding) => "tap" + binding.Device[^11..];

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await PrepareAsync();
        Driver = NewDriver(StateDirectory);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var handle in await Driver.DiscoverAsync(CancellationToken.None))
        {
            await Driver.RemoveAsync(handle, RemoveReason.NetworkGone, CancellationToken.None);
        }

        ((IDisposable)Driver).Dispose();
        await CleanUpAsync();
        await Lab.DisposeAsync();
        Directory.Delete(StateDirectory, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Apply_from_nothing_makes_namespace_link_addresses_and_routes()
    {
        var result = await Driver.ApplyAsync(
            Plan("10.0.0.2/24", "fd00::2/64") with { Gateways = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("fd00::1")], Mtu = 1400 }, null, Token);

        Assert.Equal(ApplyAction.Started, result.Action);
        Assert.Equal($"qdhcp-{Network}", result.Interface.Namespace);
        using var inside = await OpenAsync(result.Interface.Namespace);
        var link = inside.GetLink(result.Interface.Device);
        Assert.True(link.IsUp);
        Assert.Equal(1400, link.Mtu);
        Assert.Equal(MacAddress.Parse("fa:16:3e:00:00:01"), link.Mac);
        Assert.Equal(["10.0.0.2/24", "fd00::2/64"], Addresses(inside, link));
        Assert.DoesNotContain(inside.ListAddresses(link.Index), address => address is { IsTentative: true, IsLinkLocal: false });
        Assert.Equal(
            ["10.0.0.1", "fd00::1"], inside.ListRoutes(link.Index).Where(route => route is { IsDefault: true }).Select(route => $"{route.Gateway}").Order());
        Assert.True(inside.GetLink("lo").IsUp);
        using var ns = Lab.Namespaces.Open(result.Interface.Namespace);
        Assert.Equal("0", await Lab.Namespaces.ReadSysctlAsync(ns, $"net/ipv6/conf/{link.Name}/accept_ra", Token));
        Assert.Equal("1", await Lab.Namespaces.ReadSysctlAsync(ns, "net/ipv4/ip_nonlocal_bind", Token));
        Assert.False(ChecksumOffload.IsOn(inside, link.Name));
    }

    [Fact]
    public async Task A_link_without_an_IPv6_address_has_no_part_in_IPv6_until_it_gets_one()
    {
        var first = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        using var inside = await OpenAsync(first.Interface.Namespace);
        var link = inside.GetLink(first.Interface.Device);
        Assert.Equal(["10.0.0.2/24"], inside.ListAddresses(link.Index).Select(address => $"{address}"));

        var second = await Driver.ApplyAsync(Plan("10.0.0.2/24", "fd00::2/64"), first.Handle, Token);

        Assert.Equal(ApplyAction.Reloaded, second.Action);
        Assert.Equal(["10.0.0.2/24", "fd00::2/64"], Addresses(inside, link));
        Assert.Contains(inside.ListAddresses(link.Index), address => address.IsLinkLocal);
        Assert.DoesNotContain(inside.ListAddresses(link.Index), address => address is { IsTentative: true, IsLinkLocal: false });
        using var ns = Lab.Namespaces.Open(second.Interface.Namespace);
        Assert.Equal("0", await Lab.Namespaces.ReadSysctlAsync(ns, $"net/ipv6/conf/{link.Name}/accept_ra", Token));
    }

    [Fact]
    public async Task A_link_is_made_anew_with_IPv6_where_it_had_none_before()
    {
        var first = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        using var inside = await OpenAsync(first.Interface.Namespace);
        inside.Execute(batch => batch.DeleteLink(first.Interface.Device));

        _ = await Driver.ApplyAsync(Plan("10.0.0.2/24", "fd00::2/64"), first.Handle, Token);

        Assert.Equal(["10.0.0.2/24", "fd00::2/64"], Addresses(inside, inside.GetLink(first.Interface.Device)));
    }

    [Fact]
    public async Task Apply_again_touches_nothing()
    {
        var first = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        using var inside = await OpenAsync(first.Interface.Namespace);
        var before = inside.GetLink(first.Interface.Device);

        var second = await Driver.ApplyAsync(Plan("10.0.0.2/24"), first.Handle, Token);

        Assert.Empty(second.Reasons);
        Assert.Equal(ApplyAction.Unchanged, second.Action);
        Assert.Equal(first.Handle, second.Handle);
        Assert.Equal(before, inside.GetLink(first.Interface.Device));
    }

    [Fact]
    public async Task Apply_with_other_addresses_changes_these_alone()
    {
        var first = await Driver.ApplyAsync(Plan("10.0.0.2/24", "10.0.1.2/24"), null, Token);

        var second = await Driver.ApplyAsync(Plan("10.0.1.2/24", "10.0.2.2/24"), first.Handle, Token);

        Assert.Equal(ApplyAction.Reloaded, second.Action);
        Assert.Equal(2, second.Reasons.Count);
        using var inside = await OpenAsync(second.Interface.Namespace);
        Assert.Equal(["10.0.1.2/24", "10.0.2.2/24"], Addresses(inside, inside.GetLink(second.Interface.Device)));
    }

    [Fact]
    public async Task Metadata_addresses_come_stay_and_go()
    {
        var plain = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        var first = await Driver.ApplyAsync(Plan("10.0.0.2/24", "169.254.169.254/32", "fe80::a9fe:a9fe/128"), plain.Handle, Token);
        Assert.Equal(ApplyAction.Reloaded, first.Action);

        var again = await Driver.ApplyAsync(Plan("10.0.0.2/24", "169.254.169.254/32", "fe80::a9fe:a9fe/128"), first.Handle, Token);
        Assert.Equal(ApplyAction.Unchanged, again.Action);
        using var inside = await OpenAsync(first.Interface.Namespace);
        var link = inside.GetLink(first.Interface.Device);
        Assert.Contains(inside.ListAddresses(link.Index), address => address is { IsTentative: false } && address.ToString() == "fe80::a9fe:a9fe/128");

        _ = await Driver.ApplyAsync(Plan("10.0.0.2/24"), again.Handle, Token);
        Assert.Equal(["10.0.0.2/24"], Addresses(inside, link));
        Assert.DoesNotContain(inside.ListAddresses(link.Index), address => address.ToString() == "fe80::a9fe:a9fe/128");
    }

    [Fact]
    public async Task Apply_with_another_MTU_sets_it()
    {
        var first = await Driver.ApplyAsync(Plan("10.0.0.2/24") with { Mtu = 1450 }, null, Token);

        var second = await Driver.ApplyAsync(Plan("10.0.0.2/24") with { Mtu = 1350 }, first.Handle, Token);

        Assert.Equal(ApplyAction.Reloaded, second.Action);
        using var inside = await OpenAsync(first.Interface.Namespace);
        Assert.Equal(1350, inside.GetLink(first.Interface.Device).Mtu);
    }

    [Fact]
    public async Task Apply_without_a_handle_takes_over_what_an_interrupted_apply_left()
    {
        _ = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        RestartHost();

        var result = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);

        Assert.Equal(ApplyAction.Unchanged, result.Action);
    }

    [Fact]
    public async Task Apply_after_the_namespace_was_deleted_behind_its_back_makes_the_interface_anew()
    {
        var first = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        // Something inside keeps the nameless namespace, and so the old link, alive.
        using var holder = await OpenAsync(first.Interface.Namespace);
        Assert.True(Lab.Namespaces.Delete(first.Interface.Namespace));
        Assert.Equal(InspectState.Missing, (await Driver.InspectAsync(first.Handle, Token)).State);

        var second = await Driver.ApplyAsync(Plan("10.0.0.2/24"), first.Handle, Token);

        Assert.Equal(ApplyAction.Restarted, second.Action);
        using var inside = await OpenAsync(second.Interface.Namespace);
        Assert.True(inside.GetLink(second.Interface.Device).IsUp);
        Assert.Null(holder.FindLink(first.Interface.Device));
    }

    [Fact]
    public async Task Apply_repairs_what_somebody_changed()
    {
        var first = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        using var inside = await OpenAsync(first.Interface.Namespace);
        var link = inside.GetLink(first.Interface.Device);
        inside.Execute(batch => batch.SetUp(link.Index, isUp: false).SetMac(link.Index, MacAddress.Parse("fa:16:3e:00:00:99")));
        Assert.Equal(InspectState.Drifted, (await Driver.InspectAsync(first.Handle, Token)).State);

        var second = await Driver.ApplyAsync(Plan("10.0.0.2/24"), first.Handle, Token);

        Assert.Equal(ApplyAction.Reloaded, second.Action);
        Assert.Equal(InspectState.Running, (await Driver.InspectAsync(second.Handle, Token)).State);
        Assert.Equal(first.Interface.MacAddress, inside.GetLink(first.Interface.Device).Mac);
    }

    [Fact]
    public async Task Apply_for_another_port_removes_the_old_interface()
    {
        var first = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);

        var plan = Plan("10.0.0.2/24");
        var second = await Driver.ApplyAsync(plan with { HostPort = plan.HostPort with { Id = new(Guid.NewGuid().ToString()) } }, first.Handle, Token);

        Assert.NotEqual(first.Interface.Device, second.Interface.Device);
        Assert.Null(Lab.Host.FindLink(HostDevice(first.Interface)));
        using var inside = await OpenAsync(second.Interface.Namespace);
        Assert.Null(inside.FindLink(first.Interface.Device));
    }

    [Fact]
    public async Task A_stale_device_of_an_earlier_port_is_removed_and_a_foreign_one_stays()
    {
        var first = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        using var inside = await OpenAsync(first.Interface.Namespace);
        inside.Execute(batch => batch.CreateVeth(new("ns-0123abcd-12", "peer")).CreateBridge("theirs"));

        var second = await Driver.ApplyAsync(Plan("10.0.0.2/24"), first.Handle, Token);

        Assert.Equal(ApplyAction.Reloaded, second.Action);
        Assert.Null(inside.FindLink("ns-0123abcd-12"));
        Assert.NotNull(inside.FindLink("theirs"));
        inside.Execute(batch => batch.DeleteLink("theirs"));
    }

    [Fact]
    public async Task Two_segments_of_a_network_share_its_namespace()
    {
        var first = await Driver.ApplyAsync(Segment("s1", HostPort, "10.0.0.2/24"), null, Token);
        var second = await Driver.ApplyAsync(Segment("s2", new(Guid.NewGuid().ToString()), "10.0.1.2/24"), null, Token);
        Assert.Equal(first.Interface.Namespace, second.Interface.Namespace);
        Assert.Equal(ApplyAction.Unchanged, (await Driver.ApplyAsync(Segment("s1", HostPort, "10.0.0.2/24"), first.Handle, Token)).Action);

        await Driver.RemoveAsync(first.Handle, RemoveReason.NetworkGone, Token);

        using var inside = await OpenAsync(second.Interface.Namespace);
        Assert.Null(inside.FindLink(first.Interface.Device));
        Assert.True(inside.GetLink(second.Interface.Device).IsUp);
    }

    [Fact]
    public async Task A_gateway_off_the_subnets_gets_a_route_on_the_link_which_goes_with_it()
    {
        var plan = Plan("10.0.0.2/24", "fd00::2/64") with { Gateways = [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("fd01::1")] };
        var result = await Driver.ApplyAsync(plan, null, Token);

        using var inside = await OpenAsync(result.Interface.Namespace);
        Assert.Contains(inside.ListRoutes(), route => route.Destination.Equals(IPNetwork.Parse("192.0.2.1/32")) && route.Gateway is null);
        Assert.Contains(inside.ListRoutes(), route => route.Destination.Equals(IPNetwork.Parse("fd01::1/128")) && route.Gateway is null);
        Assert.Equal(ApplyAction.Unchanged, (await Driver.ApplyAsync(plan, result.Handle, Token)).Action);

        _ = await Driver.ApplyAsync(plan with { Gateways = [IPAddress.Parse("10.0.0.1")] }, result.Handle, Token);
        var link = inside.GetLink(result.Interface.Device);
        Assert.Equal(
            ["0.0.0.0/0", "10.0.0.0/24", "fd00::/64"],
            inside.ListRoutes(link.Index).Select(route => $"{route.Destination}").Where(text => !text.StartsWith("fe80", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task Two_networks_have_the_same_subnet()
    {
        var first = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        var second = await Driver.ApplyAsync(Plan(new NetworkId(Guid.NewGuid().ToString()), new(Guid.NewGuid().ToString()), "10.0.0.2/24"), null, Token);

        Assert.NotEqual(first.Interface.Namespace, second.Interface.Namespace);
        foreach (var result in new[] { first, second })
        {
            using var inside = await OpenAsync(result.Interface.Namespace);
            Assert.Contains(inside.ListAddresses(), address => address.ToString() == "10.0.0.2/24");
        }
    }

    /// <summary>The next drift that a watch tells; health is passed over.</summary>
    protected static async Task<DriverEvent.Drifted> NextDriftAsync(IAsyncEnumerator<DriverEvent> events)
    {
        while (true)
        {
            Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(Eventually.DefaultDeadline, Token));
            if (events.Current is DriverEvent.Drifted drift)
            {
                return drift;
            }
        }
    }

    /// <summary>Ends the host without a word and starts another.</summary>
    protected void RestartHost()
    {
        ((IDisposable)Driver).Dispose();
        Driver = NewDriver(StateDirectory);
    }

    /// <summary>A plan for the test's network.</summary>
    protected InterfacePlan Plan(params string[] addresses) => Plan(Network, HostPort, addresses);

    /// <summary>A plan for a network.</summary>
    protected InterfacePlan Plan(NetworkId network, PortId port, params string[] addresses) => new()
    {
        Server = new(network),
        Network = new() { Id = network, Attachment = Attachment },
        HostPort = new() { Id = port, MacAddress = MacAddress.Parse("fa:16:3e:00:00:01") },
        Addresses = addresses.Select(address => IPInterfaceAddress.Parse(address, null)).ToEquatableArray(),
    };

    /// <summary>Links of a namespace.</summary>
    protected async Task<RouteNetlink> OpenAsync(string name)
    {
        using var ns = Lab.Namespaces.Open(name);
        return await RouteNetlink.OpenAsync(Lab.Broker, ns, Token);
    }

    private InterfacePlan Segment(string id, PortId port, params string[] addresses)
    {
        var plan = Plan(Network, port, addresses);
        return plan with { Server = new(Network, new SegmentId(id)), Segment = new() { Id = new(id) } };
    }

    private static IEnumerable<string> Addresses(RouteNetlink inside, Link link) =>
        inside.ListAddresses(link.Index).Where(address => !address.IsLinkLocal).Select(address => address.ToString()).Order();
}

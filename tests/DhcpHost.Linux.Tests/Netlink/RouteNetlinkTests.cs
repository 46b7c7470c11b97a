using System.Net;
using System.Text.Json;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Netlink;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.Linux.Tests.Netlink;

public sealed class RouteNetlinkTests : IAsyncDisposable
{
    private static readonly MacAddress HostMac = MacAddress.Parse("fa:16:3e:00:00:01");
    private static readonly MacAddress PeerMac = MacAddress.Parse("fa:16:3e:00:00:02");

    private readonly LinuxLab _lab = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CreateVeth_puts_the_peer_into_the_namespace_with_mac_and_mtu()
    {
        var ns = await _lab.NewNamespaceAsync(Token);
        var bridge = _lab.NewBridge();
        var name = _lab.NewName("v");
        _lab.Host.Execute(b => b.CreateVeth(new VethSpec(name, "ns-dhcp")
        {
            PeerNamespace = ns,
            Mac = HostMac,
            PeerMac = PeerMac,
            Mtu = 1450,
            MasterIndex = bridge.Index,
            IsUp = true,
        }));

        var here = await IpAsync(null, "-d", "link", "show", name);
        Assert.Equal($"{HostMac}", here.GetProperty("address").GetString());
        Assert.Equal(1450, here.GetProperty("mtu").GetInt32());
        Assert.Equal(bridge.Name, here.GetProperty("master").GetString());
        Assert.Equal("veth", here.GetProperty("linkinfo").GetProperty("info_kind").GetString());
        Assert.Contains("UP", here.GetProperty("flags").EnumerateArray().Select(f => f.GetString()));

        using var inner = await RouteNetlink.OpenAsync(_lab.Broker, ns, Token);
        var peer = inner.GetLink("ns-dhcp");
        Assert.Equal(PeerMac, peer.Mac);
        Assert.Equal(1450, peer.Mtu);
        Assert.Equal("veth", peer.Kind);
        Assert.False(peer.IsUp);
        Assert.Equal(_lab.Host.GetLink(name).Index, peer.PeerIndex);

        inner.Execute(b => b.SetUp(peer.Index));
        await Eventually.TrueAsync(() => _lab.Host.GetLink(name) is { IsUp: true, HasCarrier: true }, cancellationToken: Token);
        Assert.Equal(bridge.Index, _lab.Host.GetLink(name).MasterIndex);
        Assert.Equal("bridge", _lab.Host.GetLink(bridge.Name).Kind);
    }

    [Fact]
    public async Task A_veth_pair_is_born_with_one_queue_at_each_end_and_set_up_by_its_name_in_the_same_send()
    {
        var ns = await _lab.NewNamespaceAsync(Token);
        var name = _lab.NewName("v");

        _lab.Host.Execute(b => b.CreateVeth(new VethSpec(name, "eth0") { PeerNamespace = ns }).NoIPv6Address(name).SetUp(name));

        Assert.True(_lab.Host.GetLink(name).IsUp);
        Assert.DoesNotContain(_lab.Host.ListAddresses(_lab.Host.GetLink(name).Index), address => address.IsLinkLocal);
        foreach (var end in new[] { await IpAsync(null, "-d", "link", "show", name), await IpAsync(ns, "-d", "link", "show", "eth0") })
        {
            Assert.Equal(1, end.GetProperty("num_tx_queues").GetInt32());
            Assert.Equal(1, end.GetProperty("num_rx_queues").GetInt32());
        }
    }

    [Fact]
    public async Task Links_are_changed_renamed_moved_and_deleted()
    {
        var ns = await _lab.NewNamespaceAsync(Token);
        var (name, peerName) = (_lab.NewName("v"), _lab.NewName("p"));
        var bridge = _lab.NewBridge();
        _lab.Host.Execute(b => b.CreateVeth(new VethSpec(name, peerName)));
        var link = _lab.Host.GetLink(name);

        _lab.Host.Execute(b => b.SetMac(link.Index, HostMac).SetMtu(link.Index, 1400).SetMaster(link.Index, bridge.Index).SetUp(link.Index));
        Assert.Equal(
            link with { Mac = HostMac, Mtu = 1400, MasterIndex = bridge.Index, IsUp = true }, _lab.Host.FindLink(link.Index));
        _lab.Host.Execute(b => b.SetMaster(link.Index, 0).SetUp(link.Index, false));
        Assert.Equal(link with { Mac = HostMac, Mtu = 1400 }, _lab.Host.FindLink(link.Index));

        var peer = _lab.Host.GetLink(peerName);
        _lab.Host.Execute(b => b.Rename(peer.Index, $"{peerName}x").MoveTo(peer.Index, ns));
        Assert.Null(_lab.Host.FindLink($"{peerName}x"));
        using var inner = await RouteNetlink.OpenAsync(_lab.Broker, ns, Token);
        Assert.Equal(peer.Mac, inner.GetLink($"{peerName}x").Mac);

        _lab.Host.Execute(b => b.DeleteLink(name));
        Assert.Null(_lab.Host.FindLink(name));
        Assert.Null(inner.FindLink($"{peerName}x"));
        var failure = Assert.Throws<LinuxException>(() => _lab.Host.Execute(b => b.DeleteLink(name)));
        Assert.Equal(Errno.ENODEV, failure.Errno);
        _lab.Host.Execute(b => b.DeleteLink(name).Unless(Errno.ENODEV));
    }

    [Fact]
    public async Task Addresses_are_added_listed_and_removed()
    {
        var (ns, inner, link) = await NewLinkAsync();
        var v4 = new LinkAddress(link.Index, IPAddress.Parse("10.1.2.3"), 24);
        var v6 = new LinkAddress(link.Index, IPAddress.Parse("2001:db8::3"), 64, LinkAddressFlags.NoDad | LinkAddressFlags.NoPrefixRoute);
        inner.Execute(b => b.AddAddress(v4).AddAddress(v6).SetUp(link.Index));

        var shown = (await IpAsync(ns, "addr", "show", link.Name)).GetProperty("addr_info").EnumerateArray().ToArray();
        var shown4 = Assert.Single(shown, a => a.GetProperty("local").GetString() == "10.1.2.3");
        Assert.Equal(24, shown4.GetProperty("prefixlen").GetInt32());
        Assert.Equal("10.1.2.255", shown4.GetProperty("broadcast").GetString());
        var shown6 = Assert.Single(shown, a => a.GetProperty("local").GetString() == "2001:db8::3");
        Assert.True(shown6.GetProperty("nodad").GetBoolean());
        Assert.True(shown6.GetProperty("noprefixroute").GetBoolean());

        var listed = inner.ListAddresses(link.Index);
        Assert.False(Assert.Single(listed, a => a.Address.Equals(v6.Address)).IsTentative);
        Assert.Equal(24, Assert.Single(listed, a => a.Address.Equals(v4.Address)).PrefixLength);
        Assert.DoesNotContain(inner.ListRoutes(link.Index), r => r.Destination == IPNetwork.Parse("2001:db8::/64"));
        Assert.Contains(inner.ListRoutes(link.Index), r => r.Destination == IPNetwork.Parse("10.1.2.0/24"));

        Assert.Equal(Errno.EEXIST, Assert.Throws<LinuxException>(() => inner.Execute(b => b.AddAddress(v4))).Errno);
        inner.Execute(b => b.RemoveAddress(v4).RemoveAddress(v6));
        Assert.All(inner.ListAddresses(link.Index), a => Assert.True(a.IsLinkLocal));
        Assert.Equal(Errno.EADDRNOTAVAIL, Assert.Throws<LinuxException>(() => inner.Execute(b => b.RemoveAddress(v4))).Errno);
    }

    [Fact]
    public async Task An_address_with_detection_is_tentative_until_it_is_done()
    {
        var (_, inner, link) = await NewLinkAsync();
        var address = new LinkAddress(link.Index, IPAddress.Parse("2001:db8::7"), 64);
        inner.Execute(b => b.SetUp(link.Index).AddAddress(address));

        Assert.True(Find().IsTentative);
        await Eventually.TrueAsync(() => !Find().IsTentative, cancellationToken: Token);
        Assert.False(Find().IsDuplicate);

        LinkAddress Find() => Assert.Single(inner.ListAddresses(link.Index), a => a.Address.Equals(address.Address));
    }

    [Fact]
    public async Task An_address_that_another_has_is_a_duplicate()
    {
        var (_, inner, link) = await NewLinkAsync();
        var address = IPAddress.Parse("2001:db8::7");
        _lab.Host.Execute(b => b.AddAddress(new LinkAddress(link.PeerIndex, address, 64, LinkAddressFlags.NoDad)));
        inner.Execute(b => b.SetUp(link.Index).AddAddress(new LinkAddress(link.Index, address, 64)));

        await Eventually.TrueAsync(() => inner.ListAddresses(link.Index).Any(a => a.Address.Equals(address) && a.IsDuplicate), cancellationToken: Token);
    }

    [Fact]
    public async Task Routes_of_every_kind_are_added_replaced_listed_and_removed()
    {
        var (ns, inner, link) = await NewLinkAsync();
        var gateway = IPAddress.Parse("10.1.2.1");
        var gateway6 = IPAddress.Parse("2001:db8::1");
        inner.Execute(b => b
            .AddAddress(new LinkAddress(link.Index, IPAddress.Parse("10.1.2.3"), 24))
            .AddAddress(new LinkAddress(link.Index, IPAddress.Parse("2001:db8::3"), 64, LinkAddressFlags.NoDad))
            .SetUp(link.Index)
            .AddRoute(Route.Default(gateway, link.Index))
            .AddRoute(Route.Default(gateway6, link.Index))
            .AddRoute(new Route(IPNetwork.Parse("192.0.2.0/24"), IPAddress.Parse("203.0.113.1"), link.Index, IsOnLink: true))
            .AddRoute(new Route(IPNetwork.Parse("198.51.100.0/24"), null, link.Index))
            .AddRoute(new Route(IPNetwork.Parse("2001:db8:1::/48"), gateway6, link.Index)));

        var shown = (await IpListAsync(ns, "-4", "route")).Concat(await IpListAsync(ns, "-6", "route")).ToArray();
        string? Gateway(string destination) => Assert.Single(shown, r => r.GetProperty("dst").GetString() == destination
            && (!r.TryGetProperty("gateway", out var g) || !destination.Equals("default", StringComparison.Ordinal) || g.GetString() == "10.1.2.1"))
            .TryGetProperty("gateway", out var gateway) ? gateway.GetString() : null;
        Assert.Equal("10.1.2.1", Gateway("default"));
        Assert.Equal("203.0.113.1", Gateway("192.0.2.0/24"));
        Assert.Null(Gateway("198.51.100.0/24"));
        Assert.Equal("2001:db8::1", Gateway("2001:db8:1::/48"));

        var listed = inner.ListRoutes(link.Index);
        Assert.Equal(gateway, Assert.Single(listed, r => r.IsDefault && r.Destination.BaseAddress.Equals(IPAddress.Any)).Gateway);
        Assert.Equal(gateway6, Assert.Single(listed, r => r.IsDefault && r.Destination.BaseAddress.Equals(IPAddress.IPv6Any)).Gateway);
        Assert.True(Assert.Single(listed, r => r.Destination == IPNetwork.Parse("192.0.2.0/24")).IsOnLink);

        Assert.Equal(Errno.EEXIST, Assert.Throws<LinuxException>(() => inner.Execute(b => b.AddRoute(Route.Default(gateway, link.Index)))).Errno);
        var other = IPAddress.Parse("10.1.2.254");
        inner.Execute(b => b.ReplaceRoute(Route.Default(other, link.Index)));
        Assert.Equal(other, Assert.Single(inner.ListRoutes(), r => r.IsDefault && r.Destination.BaseAddress.Equals(IPAddress.Any)).Gateway);

        foreach (var route in inner.ListRoutes(link.Index).Where(r => r.Protocol == 4))
        {
            inner.Execute(b => b.RemoveRoute(route));
        }
        Assert.DoesNotContain(inner.ListRoutes(link.Index), r => r.Gateway is not null);
        Assert.Equal(Errno.ESRCH, Assert.Throws<LinuxException>(() => inner.Execute(b => b.RemoveRoute(Route.Default(other, link.Index)))).Errno);
    }

    [Fact]
    public async Task A_refusal_carries_the_kernels_words()
    {
        var (_, inner, link) = await NewLinkAsync();
        var failure = Assert.Throws<LinuxException>(
            () => inner.Execute(b => b.SetUp(link.Index).AddRoute(Route.Default(IPAddress.Parse("10.9.9.9"), link.Index))));
        Assert.Equal(Errno.ENETUNREACH, failure.Errno);
        Assert.Equal($"add route 0.0.0.0/0 via 10.9.9.9 dev {link.Index}: Network is unreachable (101): Nexthop has invalid gateway", failure.Message);
    }

    [Fact]
    public async Task A_failed_request_of_a_batch_is_named_and_the_others_are_done()
    {
        var (_, inner, link) = await NewLinkAsync();
        var failures = inner.TryExecute(b =>
        {
            for (var i = 1; i <= 200; i++)
            {
                _ = b.AddAddress(new LinkAddress(link.Index, new IPAddress([10, 1, 0, (byte)i]), 16));
                _ = i % 100 == 0 ? b.SetMtu(99_999, 1500) : b;
            }
        });
        Assert.Equal([100, 201], failures.Select(f => f.Index));
        Assert.All(failures, f => Assert.Equal((Errno.ENODEV, "set link 99999 mtu 1500"), (f.Errno, f.Operation)));
        Assert.Equal(200, inner.ListAddresses(link.Index).Count(a => a.PrefixLength == 16));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a-name-of-16-byt")]
    [InlineData("a/b")]
    [InlineData("a b")]
    public void A_name_that_no_link_can_have_is_refused(string name)
    {
        _ = Assert.Throws<ArgumentException>(() => _lab.Host.Execute(b => b.CreateBridge(name)));
        Assert.Null(_lab.Host.FindLink("a-name-of-17-bytes"));
    }

    [Fact]
    public async Task One_socket_serves_many_threads()
    {
        var (_, inner, link) = await NewLinkAsync();
        await Parallel.ForEachAsync(Enumerable.Range(1, 250), Token, (i, _) =>
        {
            inner.Execute(b => b.AddAddress(new LinkAddress(link.Index, new IPAddress([10, 1, 0, (byte)i]), 16)));
            Assert.Equal(link.Name, inner.FindLink(link.Index)?.Name);
            return ValueTask.CompletedTask;
        });
        Assert.Equal(250, inner.ListAddresses(link.Index).Count);
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    private async Task<(NetworkNamespace Namespace, RouteNetlink Inner, Link Link)> NewLinkAsync()
    {
        var ns = await _lab.NewNamespaceAsync(Token);
        var name = _lab.NewName("v");
        _lab.Host.Execute(b => b.CreateVeth(new VethSpec(name, "eth0") { PeerNamespace = ns, IsUp = true }));
        var inner = await RouteNetlink.OpenAsync(_lab.Broker, ns, Token);
        return (ns, inner, inner.GetLink("eth0"));
    }

    private async Task<JsonElement> IpAsync(NetworkNamespace? ns, params string[] arguments) => Assert.Single(await IpListAsync(ns, arguments));

    private async Task<JsonElement[]> IpListAsync(NetworkNamespace? ns, params string[] arguments) =>
        [.. JsonDocument.Parse(await _lab.RunAsync(ns, ["/usr/sbin/ip", "-j", .. arguments], Token)).RootElement.EnumerateArray()];
}

using System.Net;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Netlink;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Linux.Tests.Netlink;

public sealed class LinkMonitorTests : IAsyncDisposable
{
    private readonly LinuxLab _lab = new();
    private readonly EpollLoop _loop = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Changes_of_links_and_addresses_are_told_in_order()
    {
        var ns = await _lab.NewNamespaceAsync(Token);
        using var monitor = await LinkMonitor.OpenAsync(_loop, _lab.Broker, ns, Token);
        using var inner = await RouteNetlink.OpenAsync(_lab.Broker, ns, Token);
        var address = new LinkAddress(0, IPAddress.Parse("10.0.0.1"), 24);
        inner.Execute(b => b.CreateBridge("br0"));
        var bridge = inner.GetLink("br0");
        inner.Execute(b => b.AddAddress(address with { LinkIndex = bridge.Index }));
        inner.Execute(b => b.RemoveAddress(address with { LinkIndex = bridge.Index }).DeleteLink(bridge.Index));

        _ = await NextAsync(monitor, e => e is { Kind: LinkEventKind.LinkChanged, Link: { Name: "br0", IsUp: true } });
        Assert.Equal(bridge.Index, (await NextAsync(monitor, e => e.Kind is LinkEventKind.AddressChanged)).Address!.LinkIndex);
        Assert.Equal(address.Address, (await NextAsync(monitor, e => e.Kind is LinkEventKind.AddressRemoved)).Address!.Address);
        Assert.Equal("br0", (await NextAsync(monitor, e => e.Kind is LinkEventKind.LinkRemoved)).Link!.Name);
    }

    [Fact]
    public async Task A_link_that_leaves_its_bridge_is_not_told_as_deleted()
    {
        var ns = await _lab.NewNamespaceAsync(Token);
        using var monitor = await LinkMonitor.OpenAsync(_loop, _lab.Broker, ns, Token);
        using var inner = await RouteNetlink.OpenAsync(_lab.Broker, ns, Token);
        inner.Execute(b => b.CreateBridge("br0").CreateVeth(new VethSpec("v0", "v1")));
        var port = inner.GetLink("v0").Index;
        inner.Execute(b => b.SetMaster(port, inner.GetLink("br0").Index));
        inner.Execute(b => b.SetMaster(port, 0));
        inner.Execute(b => b.DeleteLink("br0"));
        Assert.Equal("br0", (await NextAsync(monitor, e => e.Kind is LinkEventKind.LinkRemoved)).Link!.Name);
    }

    [Fact]
    public async Task A_deleted_namespace_takes_the_end_here_with_it_and_that_is_told()
    {
        var name = _lab.NewName("v");
        using var monitor = LinkMonitor.Open(_loop);
        var ns = await _lab.Namespaces.CreateAsync(_lab.NewName(), Token);
        _lab.Host.Execute(b => b.CreateVeth(new VethSpec(name, "eth0") { PeerNamespace = ns }));
        ns.Dispose();
        Assert.True(_lab.Namespaces.Delete(ns.Name));
        _ = await NextAsync(monitor, e => e is { Kind: LinkEventKind.LinkRemoved } && e.Link!.Name == name);
    }

    [Fact]
    public async Task A_reader_that_is_too_slow_is_told_of_the_loss()
    {
        var ns = await _lab.NewNamespaceAsync(Token);
        using var monitor = await LinkMonitor.OpenAsync(_loop, _lab.Broker, ns, Token, capacity: 8);
        using var inner = await RouteNetlink.OpenAsync(_lab.Broker, ns, Token);
        inner.Execute(b =>
        {
            for (var i = 1; i < 100; i++)
            {
                _ = b.AddAddress(new LinkAddress(1, new IPAddress([10, 0, 0, (byte)i]), 24));
            }
        });
        await Eventually.TrueAsync(() => monitor.Events.Count == 9, cancellationToken: Token);
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(LinkEventKind.AddressChanged, (await monitor.Events.ReadAsync(Token)).Kind);
        }
        Assert.Equal(LinkEventKind.Lost, (await monitor.Events.ReadAsync(Token)).Kind);

        inner.Execute(b => b.AddAddress(new LinkAddress(1, new IPAddress([10, 0, 1, 1]), 24)));
        Assert.Equal(LinkEventKind.AddressChanged, (await monitor.Events.ReadAsync(Token)).Kind);
    }

    [Fact]
    public async Task What_happens_while_a_monitor_rests_is_told_afterwards()
    {
        var rest = TimeSpan.FromSeconds(1);
        var time = new FakeTimeProvider();
        using var monitor = LinkMonitor.OpenResting(_loop, rest, time);
        for (var i = 0; i < 3; i++)
        {
            var name = _lab.NewName("v");
            _lab.Host.Execute(b => b.CreateVeth(new VethSpec(name, _lab.NewName("w"))));
            await Eventually.TrueAsync(
                () =>
                {
                    time.Advance(rest);
                    return monitor.Events.TryRead(out var change) && change.Link?.Name == name;
                },
                cancellationToken: Token);
            _lab.Host.Execute(b => b.DeleteLink(name));
        }
    }

    [Fact]
    public async Task Dispose_ends_the_stream()
    {
        var monitor = LinkMonitor.Open(_loop);
        monitor.Dispose();
        await foreach (var _ in monitor.Events.ReadAllAsync(Token))
        {
            // Others may have changed links before.
        }
        Assert.True(monitor.Events.Completion.IsCompletedSuccessfully);
    }

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        _loop.Dispose();
    }

    private static async Task<LinkEvent> NextAsync(LinkMonitor monitor, Func<LinkEvent, bool> fits)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(Eventually.DefaultDeadline);
        await foreach (var change in monitor.Events.ReadAllAsync(deadline.Token))
        {
            if (fits(change))
            {
                return change;
            }
            Assert.NotEqual(LinkEventKind.LinkRemoved, change.Link?.Name == "v0" ? change.Kind : LinkEventKind.LinkChanged);
        }
        throw new InvalidOperationException("The stream has ended.");
    }
}

using System.Net;
using System.Net.Sockets;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Netlink;
using DhcpHost.Linux.Sockets;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.Linux.Tests.Sockets;

public sealed class NamespaceSocketsTests : IAsyncDisposable
{
    private static readonly IPEndPoint Server = new(IPAddress.Any, 67);

    private readonly LinuxLab _lab = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_namespaces_have_the_same_port_and_each_gets_its_own_datagrams()
    {
        var sockets = new NamespaceSockets(_lab.Broker);
        var network = new LabNetwork(_lab);
        for (var i = 1; i <= 2; i++)
        {
            using var station = await network.AddStationAsync(Token);
            station.Netlink.Execute(b => b.AddAddress(new LinkAddress(station.Link.Index, new IPAddress([10, 0, 0, (byte)i]), 24)));
            var spec = new SocketSpec(SocketType.Dgram, Server) { Link = "eth0", MayBroadcast = true, PacketInformation = true };
            using var server = await sockets.OpenAsync(station.Namespace, spec, Token);
            Assert.Equal(Server, server.LocalEndPoint);
            var buffer = new byte[10];
            var received = server.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), Token).AsTask();
            using var other = await network.AddStationAsync(Token);
            other.Netlink.Execute(b => b.AddAddress(new LinkAddress(other.Link.Index, new IPAddress([10, 0, 0, 100]), 24)));
            using var remote = await sockets.OpenAsync(other.Namespace, new SocketSpec(SocketType.Dgram, new IPEndPoint(IPAddress.Any, 68)), Token);
            _ = await remote.SendToAsync("remote"u8.ToArray(), new IPEndPoint(new IPAddress([10, 0, 0, (byte)i]), 67), Token);
            var result = await received.WaitAsync(Eventually.DefaultDeadline, Token);
            Assert.Equal("remote", System.Text.Encoding.ASCII.GetString(buffer, 0, result.ReceivedBytes));
            Assert.Equal(new IPEndPoint(new IPAddress([10, 0, 0, 100]), 68), result.RemoteEndPoint);
            other.Netlink.Execute(b => b.DeleteLink(other.Link.Index));
        }
        Assert.Empty(DhcpHost.Linux.Namespaces.RuntimeThreads.FindForeign(_lab.Broker.RootId));
    }

    [Fact]
    public async Task A_listening_socket_accepts_inside_only()
    {
        var sockets = new NamespaceSockets(_lab.Broker);
        var ns = await _lab.NewNamespaceAsync(Token);
        using var listener = await sockets.OpenAsync(ns, new SocketSpec(SocketType.Stream, new IPEndPoint(IPAddress.IPv6Loopback, 80)) { Backlog = 5 }, Token);
        var accepting = listener.AcceptAsync(Token).AsTask();
        using var outside = new Socket(SocketType.Stream, ProtocolType.Tcp);
        _ = await Assert.ThrowsAsync<SocketException>(() => outside.ConnectAsync(IPAddress.IPv6Loopback, 80, Token).AsTask());
        using var inside = await sockets.OpenAsync(ns, new SocketSpec(SocketType.Stream, new IPEndPoint(IPAddress.IPv6Any, 0)), Token);
        await inside.ConnectAsync(IPAddress.IPv6Loopback, 80, Token);
        using var accepted = await accepting.WaitAsync(Eventually.DefaultDeadline, Token);
        Assert.Equal(inside.LocalEndPoint, accepted.RemoteEndPoint);
    }

    [Fact]
    public async Task What_cannot_be_bound_is_a_typed_error()
    {
        var sockets = new NamespaceSockets(_lab.Broker);
        var ns = await _lab.NewNamespaceAsync(Token);
        var foreign = new SocketSpec(SocketType.Dgram, new IPEndPoint(IPAddress.Parse("192.0.2.1"), 67));
        Assert.Equal(Errno.EADDRNOTAVAIL, (await Assert.ThrowsAsync<LinuxException>(() => sockets.OpenAsync(ns, foreign, Token))).Errno);
        (await sockets.OpenAsync(ns, foreign with { FreeBind = true }, Token)).Dispose();
        var spec = new SocketSpec(SocketType.Dgram, Server);
        using var first = await sockets.OpenAsync(ns, spec, Token);
        Assert.Equal(Errno.EADDRINUSE, (await Assert.ThrowsAsync<LinuxException>(() => sockets.OpenAsync(ns, spec, Token))).Errno);
        Assert.Equal(Errno.ENODEV, (await Assert.ThrowsAsync<LinuxException>(() => sockets.OpenAsync(ns, spec with { Link = "none" }, Token))).Errno);
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();
}

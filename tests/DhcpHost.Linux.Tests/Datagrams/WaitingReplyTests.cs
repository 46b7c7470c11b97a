using System.Net;
using System.Net.Sockets;
using DhcpHost.Linux.Datagrams;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Tests.Datagrams;

/// <summary>Replies leave when their write is durable; those that wait for none leave at once, whatever the disk does.</summary>
public sealed class WaitingReplyTests : IDisposable
{
    private readonly HeldCommit _commit = new();
    private readonly Socket _client = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly DatagramSocket _socket;
    private readonly DatagramLoop _loop;

    public WaitingReplyTests()
    {
        _client.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _client.ReceiveTimeout = 10_000;
        _client.ReceiveBufferSize = 1 << 20;
        var fd = Libc.Check(Libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, 0), "socket", "a client");
        _socket = new(fd, DatagramKind.Udp4, linkIndex: 1);
        _loop = new("test-datagrams", _commit, _ => { });
    }

    public void Dispose()
    {
        _loop.Dispose();
        _socket.Dispose();
        _client.Dispose();
    }

    [Fact]
    public async Task Who_needs_no_disk_overtakes_who_waits_for_it()
    {
        await SendAsync((1, 7), (2, 0), (3, 8));
        Assert.Equal(2, Receive());
        Assert.Equal(8, _commit.Awaited);

        await SendAsync((4, 0));
        Assert.Equal(4, Receive());
        Assert.Equal(0, _client.Available);

        _commit.Report(new(7, HasFailed: false));
        Assert.Equal(1, Receive());
        await SendAsync((5, 0));
        Assert.Equal(5, Receive());

        _commit.Report(new(8, HasFailed: false));
        Assert.Equal(3, Receive());
        Assert.Equal(0, _loop.DroppedReplies);
    }

    [Fact]
    public async Task What_waits_for_a_write_that_fails_is_dropped()
    {
        await SendAsync((1, 7), (2, 8));
        _commit.Report(new(6, HasFailed: true));
        await SendAsync((3, 0), (4, 9));
        Assert.Equal(3, Receive());

        _commit.Report(new(9, HasFailed: false));
        await SendAsync((5, 9));

        Assert.Equal(5, Receive());
        Assert.Equal(3, _loop.DroppedReplies);
    }

    [Fact]
    public async Task When_more_wait_than_there_is_room_for_the_loop_waits_for_the_disk_and_loses_nothing()
    {
        const int count = 1000;
        _commit.AtFinish = new(9, HasFailed: false);

        await SendAsync([.. Enumerable.Range(0, count).Select(i => (i % 251, 9L))]);
        _commit.Report(new(9, HasFailed: false));

        for (var i = 0; i < count; i++)
        {
            Assert.Equal(i % 251, Receive());
        }
    }

    private Task<int> SendAsync(params (int Content, long After)[] replies) => _loop.RunAsync(batch =>
    {
        foreach (var (content, after) in replies)
        {
            batch.Begin()[0] = (byte)content;
            batch.SendUdp(_socket, 1, IPAddress.Loopback.GetAddressBytes(), (ushort)((IPEndPoint)_client.LocalEndPoint!).Port, default, after);
        }

        return replies.Length;
    });

    private int Receive()
    {
        var buffer = new byte[16];
        Assert.Equal(1, _client.Receive(buffer));
        return buffer[0];
    }
}

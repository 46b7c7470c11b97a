using DhcpHost.Plugin.Neutron.Messaging;
using RabbitMQ.Client;

namespace DhcpHost.Plugin.Neutron.Tests.Messaging;

/// <summary>Casts of a real oslo.messaging client over a real broker.</summary>
public sealed class CastTests(SharedBroker shared)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Casts_to_this_host_come_in_their_order()
    {
        await using var bench = await StartAsync();
        await using var peer = await bench.StartPeerAsync();

        await peer.DoAsync("cast", new { host = MessagingBench.Host, method = "port_create_end", args = new { payload = new { port = new { id = "p1" } } } });
        await peer.DoAsync("burst", new { host = MessagingBench.Host, count = 500, size = 100 });

        var first = await bench.NextAsync<RpcEvent.Cast>();
        Assert.Equal("port_create_end", first.Method);
        Assert.Equal("p1", first.Arguments.GetProperty("payload").GetProperty("port").GetProperty("id").GetString());
        for (var number = 0; number < 500; number++)
        {
            Assert.Equal(number, (await bench.NextAsync<RpcEvent.Cast>()).Arguments.GetProperty("payload").GetProperty("number").GetInt32());
        }
    }

    [Fact]
    public async Task A_fanout_reaches_this_host_and_every_other_agent()
    {
        await using var bench = await StartAsync();
        await using var peer = await bench.StartPeerAsync();
        await peer.DoAsync("listen", new { host = "otherhost" });

        await peer.DoAsync("fanout", new { method = "network_delete_end", args = new { payload = new { network_id = "n1" } } });

        Assert.Equal("network_delete_end", (await bench.NextAsync<RpcEvent.Cast>()).Method);
        _ = await peer.CastAsync("network_delete_end");
    }

    [Fact]
    public async Task What_was_not_taken_over_is_delivered_again_after_the_host_died()
    {
        var broker = await shared.GetAsync(Token);
        await using var dying = MessagingBench.Create(broker.TransportUrl);
        await using var peer = await dying.StartPeerAsync();
        var events = dying.Transport.ListenAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await events.MoveNextAsync());
        await peer.DoAsync("burst", new { host = MessagingBench.Host, count = 3, size = 1 });
        Assert.True(await events.MoveNextAsync());
        Assert.True(await events.MoveNextAsync());

        // The second is being worked on when it ends: the first is acknowledged, and no other.
        await dying.Transport.DisposeAsync();
        await using var next = MessagingBench.Create(broker.TransportUrl, suffix: dying.Suffix);
        await next.ListenAsync();

        Assert.Equal(1, Number(await next.NextAsync<RpcEvent.Cast>()));
        Assert.Equal(2, Number(await next.NextAsync<RpcEvent.Cast>()));
    }

    [Fact]
    public async Task A_queue_that_is_deleted_is_declared_again()
    {
        await using var bench = await StartAsync();
        await using var connection = await new ConnectionFactory
        {
            Uri = new(bench.Url.Replace("rabbit:", "amqp:", StringComparison.Ordinal)),
        }.CreateConnectionAsync(Token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Token);

        _ = await channel.QueueDeleteAsync(bench.HostQueue, false, false, cancellationToken: Token);

        Assert.StartsWith("the broker ended the consumer of a queue", (await bench.NextAsync<RpcEvent.Disconnected>()).Reason, StringComparison.Ordinal);
        Assert.False((await bench.NextAsync<RpcEvent.Connected>()).IsFirst);
        await channel.BasicPublishAsync("", bench.HostQueue, SampleMessages.Cast("port_create_end"), Token);
        Assert.Equal("port_create_end", (await bench.NextAsync<RpcEvent.Cast>()).Method);
    }

    [Fact]
    public async Task A_backlog_is_taken_in_pieces_of_the_prefetch()
    {
        var broker = await shared.GetAsync(Token);
        await using var bench = MessagingBench.Create(broker.TransportUrl, new() { RabbitQosPrefetchCount = 2 });
        await bench.ListenAsync();
        await using var peer = await bench.StartPeerAsync();

        await peer.DoAsync("burst", new { host = MessagingBench.Host, count = 200, size = 1 });

        for (var number = 0; number < 200; number++)
        {
            Assert.Equal(number, Number(await bench.NextAsync<RpcEvent.Cast>()));
        }
    }

    [Fact]
    public async Task A_consumer_that_fails_can_listen_again_and_does_not_get_the_same_cast()
    {
        await using var bench = MessagingBench.Create((await shared.GetAsync(Token)).TransportUrl);
        await using var peer = await bench.StartPeerAsync();
        var seen = new List<int>();
        while (seen.Count < 3)
        {
            await foreach (var item in bench.Transport.ListenAsync(Token))
            {
                if (item is RpcEvent.Connected)
                {
                    await peer.DoAsync("burst", new { host = MessagingBench.Host, count = 3, size = 1 });
                }
                else
                {
                    seen.Add(Number(Assert.IsType<RpcEvent.Cast>(item)));
                    break;
                }
            }
        }

        Assert.Equal([0, 1, 2], seen);
    }

    private static int Number(RpcEvent.Cast cast) => cast.Arguments.GetProperty("payload").GetProperty("number").GetInt32();

    private async Task<MessagingBench> StartAsync()
    {
        var bench = MessagingBench.Create((await shared.GetAsync(Token)).TransportUrl);
        await bench.ListenAsync();
        return bench;
    }
}

using System.IO.Compression;
using System.Text;
using DhcpHost.Plugin.Neutron.Messaging;
using DhcpHost.Testing;
using RabbitMQ.Client;

namespace DhcpHost.Plugin.Neutron.Tests.Messaging;

/// <summary>Whoever can write to the agent's queue can send anything: nothing of it stops the agent, or costs memory without bound.</summary>
public sealed class HostileMessageTests(SharedBroker shared)
{
    private const int Count = 10_000;
    private const int MaxSize = 256 * 1024;
    private const long MaxGrowth = 64 * 1024 * 1024;

    private readonly Random _random = new(20261122);
    private readonly TextMutator _mutator = new(20261122);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_thousand_hostile_messages_are_told_one_by_one_and_a_good_one_after_them_is_handled()
    {
        var broker = await shared.GetAsync(Token);
        await using var bench = MessagingBench.Create(broker.TransportUrl, change: options => options with { MaxCastSize = new(MaxSize) });
        await bench.ListenAsync();
        await using var connection = await new ConnectionFactory
        {
            Uri = new(broker.TransportUrl.Replace("rabbit:", "amqp:", StringComparison.Ordinal)),
        }.CreateConnectionAsync(Token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Token);
        var queue = bench.HostQueue;
        await SendAsync(channel, queue, new(SampleMessages.Cast("port_create_end"), null));
        _ = Assert.IsType<RpcEvent.Cast>(await bench.NextAsync());
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var sending = Task.Run(async () =>
        {
            for (var number = 0; number < Count; number++)
            {
                await SendAsync(channel, queue, NextMessage(number));
            }

            await SendAsync(channel, queue, new(SampleMessages.Cast("network_delete_end"), null));
        }, Token);
        var (casts, dropped) = (0, 0);
        for (var number = 0; number < Count; number++)
        {
            switch (await bench.NextAsync())
            {
                case RpcEvent.Cast:
                    casts++;
                    break;
                case RpcEvent.Dropped(var reason):
                    Assert.InRange(reason.Length, 5, 200);
                    dropped++;
                    break;
                case var other:
                    Assert.Fail($"{other}");
                    break;
            }
        }

        await sending;
        Assert.Equal("network_delete_end", Assert.IsType<RpcEvent.Cast>(await bench.NextAsync()).Method);
        Assert.True(dropped > Count / 2, $"only {dropped} of {Count} were hostile");
        Assert.True(casts > 100, $"only {casts} of {Count} looked well");
        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(growth < MaxGrowth, $"{growth} bytes are held after them");
        Assert.Equal(0u, (await channel.QueueDeclarePassiveAsync(queue, Token)).MessageCount);
    }

    [Fact]
    public async Task A_second_delivery_is_dropped_without_a_word()
    {
        var broker = await shared.GetAsync(Token);
        await using var bench = MessagingBench.Create(broker.TransportUrl);
        await bench.ListenAsync();
        await using var connection = await new ConnectionFactory
        {
            Uri = new(broker.TransportUrl.Replace("rabbit:", "amqp:", StringComparison.Ordinal)),
        }.CreateConnectionAsync(Token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Token);
        var twice = SampleMessages.Cast("port_update_end");

        await SendAsync(channel, bench.HostQueue, new(twice, null));
        await SendAsync(channel, bench.HostQueue, new(twice, null));
        await SendAsync(channel, bench.HostQueue, new(SampleMessages.Cast("port_create_end"), null));

        Assert.Equal("port_update_end", Assert.IsType<RpcEvent.Cast>(await bench.NextAsync()).Method);
        Assert.Equal("port_create_end", Assert.IsType<RpcEvent.Cast>(await bench.NextAsync()).Method);
    }

    [Fact]
    public async Task A_message_that_kombu_packed_is_unpacked()
    {
        var broker = await shared.GetAsync(Token);
        await using var bench = MessagingBench.Create(broker.TransportUrl);
        await bench.ListenAsync();
        await using var peer = await bench.StartPeerAsync("kombu_compression=\"gzip\"");

        await peer.DoAsync("cast", new { host = MessagingBench.Host, method = "port_create_end", args = new { payload = new { port = new { id = "p1" } } } });

        Assert.Equal("port_create_end", Assert.IsType<RpcEvent.Cast>(await bench.NextAsync()).Method);
    }

    private sealed record Message(byte[] Body, string? Compression);

    private static ValueTask SendAsync(IChannel channel, string queue, Message message)
    {
        var properties = new BasicProperties();
        if (message.Compression is not null)
        {
            properties.Headers = new Dictionary<string, object?> { ["compression"] = message.Compression };
        }

        return channel.BasicPublishAsync("", queue, mandatory: true, properties, message.Body, Token);
    }

    private Message NextMessage(int number)
    {
        var good = SampleMessages.Fresh(SampleMessages.All[number % SampleMessages.All.Count]);
        var text = good.ToJsonString();
        switch (number % 10)
        {
            case 0:
                return new(Encoding.UTF8.GetBytes(_mutator.Mutate(Encoding.UTF8.GetString(SampleMessages.Wrap(text)))), null);
            case 1:
                return new(Damage(SampleMessages.Wrap(text)), null);
            case 2:
                good[good.Select(pair => pair.Key).ElementAt(_random.Next(3))] = _random.Next(2) == 0 ? 1e300 : new System.Text.Json.Nodes.JsonArray(1, "x");
                return new(SampleMessages.Wrap(good.ToJsonString()), null);
            case 3:
                return new(SampleMessages.Wrap(Nested(_random.Next(60, 20_000))), null);
            case 4:
                return new(Encoding.UTF8.GetBytes(new string('[', _random.Next(1, 50_000))), null);
            case 5:
                return new(new byte[_random.Next(number % 100 == 5 ? MaxSize * 2 : 100)], null);
            case 6:
                return new(Pack(new byte[number % 100 == 6 ? 50_000_000 : 1000]), "application/x-gzip");
            case 7:
                return new(SampleMessages.Wrap(text), _random.Next(2) == 0 ? "application/x-bz2" : "application/x-gzip");
            case 8:
                return new(
                    SampleMessages.Wrap(text.Replace("\"version\":\"1.0\"", $"\"version\":\"{_random.Next(2, 99)}.0\"", StringComparison.Ordinal)), null);
            default:
                return new(SampleMessages.Wrap(_mutator.Mutate(text)), null);
        }
    }

    private static string Nested(int depth) =>
        $$$"""{"method": "port_create_end", "args": {"payload": {{{new string('[', depth)}}}{{{new string(']', depth)}}} }}""";

    private byte[] Damage(byte[] body)
    {
        for (var count = _random.Next(1, 20); count > 0; count--)
        {
            body[_random.Next(body.Length)] = (byte)_random.Next(256);
        }

        return body;
    }

    private static byte[] Pack(byte[] content)
    {
        using var target = new MemoryStream();
        using (var zlib = new ZLibStream(target, CompressionLevel.Fastest))
        {
            zlib.Write(content);
        }

        return target.ToArray();
    }
}

using System.Diagnostics;
using System.Text.Json;
using DhcpHost.Plugin.Neutron.Messaging;
using DhcpHost.Plugin.Neutron.Messaging.Wire;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace DhcpHost.Plugin.Neutron.Tests.Messaging;

/// <summary>Figures, taken on demand (-explicit only): what a machine does is no matter of right or wrong.</summary>
public sealed class ThroughputTests(SharedBroker shared, ITestOutputHelper output)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Casts_through_to_the_listener()
    {
        const int Count = 20_000;
        var broker = await shared.GetAsync(Token);
        await using var bench = MessagingBench.Create(broker.TransportUrl);
        await bench.ListenAsync();
        await using var connection = await new ConnectionFactory
        {
            Uri = new(broker.TransportUrl.Replace("rabbit:", "amqp:", StringComparison.Ordinal)),
        }.CreateConnectionAsync(Token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Token);
        for (var round = 0; round < 3; round++)
        {
            var messages = Enumerable.Range(0, Count).Select(_ => SampleMessages.Cast("port_update_end")).ToArray();
            var watch = Stopwatch.StartNew();
            var allocated = GC.GetTotalAllocatedBytes();
            var sending = Task.Run(async () =>
            {
                foreach (var message in messages)
                {
                    await channel.BasicPublishAsync("", bench.HostQueue, message, Token);
                }
            }, Token);
            for (var number = 0; number < Count; number++)
            {
                _ = Assert.IsType<RpcEvent.Cast>(await bench.NextAsync());
            }

            await sending;
            output.WriteLine(
                $"{Count / watch.Elapsed.TotalSeconds:0} casts/s of {messages[0].Length} bytes, "
                + $"{(GC.GetTotalAllocatedBytes() - allocated) / Count} bytes allocated each, the sender included");
        }
    }

    [Theory(Explicit = true)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(64)]
    public async Task Calls_and_their_answers(int inFlight)
    {
        const int Count = 10_000;
        var broker = await shared.GetAsync(Token);
        await using var bench = MessagingBench.Create(broker.TransportUrl);
        await using var connection = await new ConnectionFactory
        {
            Uri = new(broker.TransportUrl.Replace("rabbit:", "amqp:", StringComparison.Ordinal)),
        }.CreateConnectionAsync(Token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Token);
        await AnswerAsync(channel, bench);
        var watch = Stopwatch.StartNew();
        var allocated = GC.GetTotalAllocatedBytes();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Count), new ParallelOptions { MaxDegreeOfParallelism = inFlight, CancellationToken = Token },
            async (value, token) => _ = await bench.CallAsync("echo", new { value }, token));
        output.WriteLine(
            $"{inFlight} in flight: {Count / watch.Elapsed.TotalSeconds:0} calls/s, "
                + $"{(GC.GetTotalAllocatedBytes() - allocated) / Count} bytes allocated each, the server included");
    }

    private static async Task AnswerAsync(IChannel channel, MessagingBench bench)
    {
        await channel.ExchangeDeclareAsync($"neutron{bench.Suffix}", "topic", cancellationToken: Token);
        var queue = await channel.QueueDeclareAsync($"q-plugin{bench.Suffix}", false, false, false, cancellationToken: Token);
        await channel.QueueBindAsync(queue.QueueName, $"neutron{bench.Suffix}", queue.QueueName, cancellationToken: Token);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, e) =>
        {
            var call = OsloMessage.Open(e.Body.Span);
            var reply = JsonSerializer.Serialize(new { result = 1, failure = (string?)null, ending = true, _msg_id = call.GetProperty("_msg_id").GetString() });
            await channel.BasicPublishAsync("", call.GetProperty("_reply_q").GetString()!, SampleMessages.Wrap(reply), Token);
        };
        _ = await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, Token);
    }
}

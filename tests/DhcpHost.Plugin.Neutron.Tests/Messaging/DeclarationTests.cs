using DhcpHost.Plugin.Neutron.Messaging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace DhcpHost.Plugin.Neutron.Tests.Messaging;

/// <summary>The broker accepts a second declaration of a queue only if it is the same as the first: the real oslo.messaging makes the other one.</summary>
public sealed class DeclarationTests(SharedBroker shared)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, RabbitOptions> Settings => new()
    {
        { "", new() },
        { "amqp_durable_queues=true", new() { AmqpDurableQueues = true } },
        { "amqp_auto_delete=true", new() { AmqpAutoDelete = true } },
        { "rabbit_ha_queues=true rabbit_transient_queues_ttl=60", new() { RabbitHaQueues = true, RabbitTransientQueuesTtl = 60 } },
        {
            "rabbit_quorum_queue=true rabbit_quorum_delivery_limit=3 rabbit_quroum_max_memory_length=1000 rabbit_quroum_max_memory_bytes=1000000",
            new() { RabbitQuorumQueue = true, RabbitQuorumDeliveryLimit = 3, RabbitQuorumMaxMemoryLength = 1000, RabbitQuorumMaxMemoryBytes = 1_000_000 }
        },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Both_sides_declare_the_same(string peerOptions, RabbitOptions options)
    {
        var broker = await shared.GetAsync(Token);
        await using var bench = MessagingBench.Create(broker.TransportUrl, options);
        await using var peer = await bench.StartPeerAsync(peerOptions.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        // Whoever comes second finds what the first declared, of this host's queues as of the shared one.
        await bench.ListenAsync();
        await peer.DoAsync("listen", new { host = MessagingBench.Host });
        await peer.DoAsync("serve");
        Assert.Equal(1, (await bench.CallAsync("echo", new { value = 1 }, Token)).GetInt32());
        await using var second = MessagingBench.Create(broker.TransportUrl, options, suffix: bench.Suffix);
        await second.ListenAsync();

        await peer.DoAsync("fanout", new { method = "agent_updated", args = new { payload = new { admin_state_up = true } } });
        Assert.Equal("agent_updated", (await bench.NextAsync<RpcEvent.Cast>()).Method);
        Assert.Equal("agent_updated", (await second.NextAsync<RpcEvent.Cast>()).Method);
        _ = await peer.CastAsync("agent_updated");
        Assert.DoesNotContain("PRECONDITION_FAILED", peer.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deployment_with_quorum_queues_for_all_and_a_stream_works()
    {
        var broker = await shared.GetAsync(Token);
        var options = new RabbitOptions { RabbitQuorumQueue = true, RabbitTransientQuorumQueue = true, RabbitStreamFanout = true };
        await using var bench = MessagingBench.Create(broker.TransportUrl, options);
        await bench.ListenAsync();
        await using var peer = await bench.StartPeerAsync("rabbit_quorum_queue=true");
        await peer.DoAsync("serve");
        Assert.Equal(1, (await bench.CallAsync("echo", new { value = 1 }, Token)).GetInt32());

        // Debian's oslo.messaging has no streams: this publishes what the newest one would.
        await using var connection = await new ConnectionFactory
        {
            Uri = new(broker.TransportUrl.Replace("rabbit:", "amqp:", StringComparison.Ordinal)),
        }.CreateConnectionAsync(Token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Token);
        var fanout = $"dhcp_agent{bench.Suffix}_fanout";
        await channel.ExchangeDeclareAsync(fanout, "fanout", durable: true, autoDelete: true, cancellationToken: Token);
        _ = await channel.QueueDeclareAsync(
            fanout, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "stream", ["x-max-age"] = "1800s" }, cancellationToken: Token);
        await channel.BasicPublishAsync(fanout, "", SampleMessages.Cast("network_delete_end"), Token);
        Assert.Equal("network_delete_end", (await bench.NextAsync<RpcEvent.Cast>()).Method);
    }

    /// <summary>Debian's oslo.messaging is too old for it: run with PYTHONPATH at a newer one (14.7 and later), and -explicit only.</summary>
    [Theory(Explicit = true)]
    [InlineData(false)]
    [InlineData(true)]
    public Task Both_sides_declare_the_same_where_all_is_replicated(bool isStream) => Both_sides_declare_the_same(
        $"rabbit_quorum_queue=true rabbit_transient_quorum_queue=true rabbit_qos_prefetch_count=10 rabbit_stream_fanout={(isStream ? "true" : "false")}",
        new() { RabbitQuorumQueue = true, RabbitTransientQuorumQueue = true, RabbitQosPrefetchCount = 10, RabbitStreamFanout = isStream });

    [Fact]
    public async Task Queues_with_random_names_go_with_the_host_and_those_of_a_queue_manager_stay()
    {
        var broker = await shared.GetAsync(Token);
        await using var connection = await new ConnectionFactory
        {
            Uri = new(broker.TransportUrl.Replace("rabbit:", "amqp:", StringComparison.Ordinal)),
        }.CreateConnectionAsync(Token);
        foreach (var isManaged in new[] { false, true })
        {
            var options = new RabbitOptions { UseQueueManager = isManaged, Hostname = "node", Processname = $"p{Guid.NewGuid():N}" };
            var bench = MessagingBench.Create(broker.TransportUrl, options);
            await bench.ListenAsync();
            var fanout = bench.FanoutQueue;
            await bench.DisposeAsync();

            await using var channel = await connection.CreateChannelAsync(cancellationToken: Token);
            if (isManaged)
            {
                Assert.Equal(fanout, (await channel.QueueDeclarePassiveAsync(fanout, Token)).QueueName);
            }
            else
            {
                _ = await Assert.ThrowsAsync<OperationInterruptedException>(() => channel.QueueDeclarePassiveAsync(fanout, Token));
            }
        }
    }

    [Fact]
    public async Task A_declaration_that_differs_names_the_queue_and_the_option()
    {
        var broker = await shared.GetAsync(Token);
        await using var first = MessagingBench.Create(broker.TransportUrl, new() { RabbitQuorumQueue = true });
        await first.ListenAsync();

        // The exchange is durable in both; the queues are quorum queues only in the first.
        await using var second = MessagingBench.Create(broker.TransportUrl, new() { AmqpDurableQueues = true }, suffix: first.Suffix);
        await using var events = second.Transport.ListenAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal(
            $"queue 'dhcp_agent{first.Suffix}' exists with x-queue-type = quorum, and this host asks for none: " +
            "set rabbit_quorum_queue as the other users of the broker have it, or delete the queue",
            Assert.IsType<RpcEvent.Disconnected>(events.Current).Reason);
    }

    [Fact]
    public async Task A_call_says_why_the_exchange_is_refused()
    {
        var broker = await shared.GetAsync(Token);
        await using var first = MessagingBench.Create(broker.TransportUrl);
        await first.ListenAsync();
        await using var second = MessagingBench.Create(
            broker.TransportUrl, new() { AmqpDurableQueues = true }, suffix: first.Suffix, change: options =>
                options with { ConnectTimeout = TimeSpan.FromSeconds(1) });

        Assert.Equal(
            $"exchange 'neutron{first.Suffix}' exists with durable = false, and this host asks for true: " +
            "set amqp_durable_queues or rabbit_quorum_queue as the other users of the broker have it, or delete the exchange",
            await second.FailureAsync(Token));
    }
}

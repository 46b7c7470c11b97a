using DhcpHost.Plugin.Neutron.Messaging.Wire;

namespace DhcpHost.Plugin.Neutron.Messaging.Broker;

/// <summary>The queues of an RPC server of the topic <c>dhcp_agent</c> and of a caller, exactly as oslo.messaging declares them.</summary>
/// <remarks>
/// Source: oslo.messaging, <c>_drivers/impl_rabbit.py</c> (<c>declare_topic_consumer</c>, <c>declare_fanout_consumer</c>,
/// <c>declare_direct_consumer</c>, <c>_get_queue_arguments</c>) and <c>_drivers/amqpdriver.py</c> (<c>listen</c>, <c>QManager</c>).
/// </remarks>
internal sealed class QueueSpecs
{
    private const int CallerNumber = 1;
    private const int AgentNumber = 2;

    private readonly MessagingOptions _options;

    /// <param name="options">The options.</param>
    /// <param name="host">The agent's host, Neutron's <c>host</c>.</param>
    public QueueSpecs(MessagingOptions options, string host)
    {
        _options = options;
        Exchange = Topic(options.AgentTopic);
        Casts = [Exchange, Topic($"{options.AgentTopic}.{host}"), Fanout(options.AgentTopic)];
        Replies = Direct($"reply_{UniqueName(CallerNumber)}");
    }

    /// <summary>What the agent listens to.</summary>
    public IReadOnlyList<QueueSpec> Casts { get; }

    /// <summary>Where answers come.</summary>
    public QueueSpec Replies { get; }

    /// <summary>The control exchange; its queue is not meant.</summary>
    public QueueSpec Exchange { get; }

    private RabbitOptions Rabbit => _options.Rabbit;

    private QueueSpec Topic(string topic) => new(
        topic, _options.ControlExchange, "topic", topic, Rabbit.AmqpDurableQueues || Rabbit.RabbitQuorumQueue, Rabbit.AmqpAutoDelete, Rabbit.AmqpAutoDelete,
        Arguments(Rabbit.RabbitQuorumQueue, ttl: 0));

    private QueueSpec Direct(string name) => new(
        name, "", "direct", "", Rabbit.RabbitTransientQuorumQueue, false, false, Arguments(Rabbit.RabbitTransientQuorumQueue, Rabbit.RabbitTransientQueuesTtl))
    {
        IsOwn = !Rabbit.UseQueueManager,
    };

    private QueueSpec Fanout(string topic)
    {
        var exchange = $"{topic}_fanout";
        return Rabbit.RabbitStreamFanout
            ? new(exchange, exchange, "fanout", topic, true, true, false, StreamArguments()) { IsStream = true }
            : new($"{exchange}_{UniqueName(AgentNumber)}", exchange, "fanout", topic, Rabbit.RabbitTransientQuorumQueue, true, false,
                Arguments(Rabbit.RabbitTransientQuorumQueue, Rabbit.RabbitTransientQueuesTtl))
            {
                IsOwn = !Rabbit.UseQueueManager,
            };
    }

    /// <summary>oslo.messaging's queue manager counts the queues of a process in a file; here each has a number of its own.</summary>
    private string UniqueName(int number) => Rabbit.UseQueueManager
        ? $"{(Rabbit.Hostname.Length > 0 ? Rabbit.Hostname : Environment.MachineName)}:{Rabbit.Processname}:{number}"
        : OsloCall.NewId();

    private Dictionary<string, object?> Arguments(bool isQuorum, int ttl)
    {
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (Rabbit.RabbitHaQueues)
        {
            arguments["x-ha-policy"] = "all";
        }

        if (isQuorum)
        {
            arguments["x-queue-type"] = "quorum";
            AddLimit("x-delivery-limit", Rabbit.RabbitQuorumDeliveryLimit);
            AddLimit("x-max-in-memory-length", Rabbit.RabbitQuorumMaxMemoryLength);
            AddLimit("x-max-in-memory-bytes", Rabbit.RabbitQuorumMaxMemoryBytes);
        }

        AddLimit("x-expires", ttl * 1000);
        return arguments;

        void AddLimit(string name, int value)
        {
            if (value > 0)
            {
                arguments[name] = value;
            }
        }
    }

    private Dictionary<string, object?> StreamArguments()
    {
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal) { ["x-queue-type"] = "stream" };
        if (Rabbit.RabbitTransientQueuesTtl > 0)
        {
            arguments["x-max-age"] = $"{Rabbit.RabbitTransientQueuesTtl}s";
        }

        return arguments;
    }
}

using DhcpHost.Plugin.Neutron.Messaging;
using DhcpHost.Plugin.Neutron.Messaging.Broker;

namespace DhcpHost.Plugin.Neutron.Tests.Messaging;

/// <summary>The declarations of oslo.messaging's newest version, which Debian's does not know all of.</summary>
public sealed class QueueSpecsTests
{
    [Fact]
    public void By_default_the_topics_are_transient_and_what_has_a_random_name_expires()
    {
        var queues = new QueueSpecs(new(), "h");
        Assert.Equal(
            [
                "dhcp_agent <- neutron (topic, dhcp_agent) durable=False auto_delete=False/False",
                "dhcp_agent.h <- neutron (topic, dhcp_agent.h) durable=False auto_delete=False/False",
                "dhcp_agent_fanout_* <- dhcp_agent_fanout (fanout, dhcp_agent) durable=False auto_delete=True/False x-expires=1800000",
                "reply_* <-  (direct, ) durable=False auto_delete=False/False x-expires=1800000",
            ],
            Show(queues));
    }

    [Fact]
    public void Quorum_queues_and_a_stream_are_durable()
    {
        var queues = new QueueSpecs(
            new()
            {
                Rabbit = new()
                {
                    RabbitQuorumQueue = true,
                    RabbitTransientQuorumQueue = true,
                    RabbitStreamFanout = true,
                    RabbitQuorumDeliveryLimit = 3,
                    RabbitQuorumMaxMemoryLength = 4,
                    RabbitQuorumMaxMemoryBytes = 5,
                    RabbitTransientQueuesTtl = 60,
                },
            },
            "h");
        const string Quorum = "x-queue-type=quorum x-delivery-limit=3 x-max-in-memory-length=4 x-max-in-memory-bytes=5";
        Assert.Equal(
            [
                $"dhcp_agent <- neutron (topic, dhcp_agent) durable=True auto_delete=False/False {Quorum}",
                $"dhcp_agent.h <- neutron (topic, dhcp_agent.h) durable=True auto_delete=False/False {Quorum}",
                "dhcp_agent_fanout <- dhcp_agent_fanout (fanout, dhcp_agent) durable=True auto_delete=True/False x-queue-type=stream x-max-age=60s",
                $"reply_* <-  (direct, ) durable=True auto_delete=False/False {Quorum} x-expires=60000",
            ],
            Show(queues));
    }

    [Fact]
    public void A_queue_manager_gives_the_same_names_after_a_restart()
    {
        var options = new MessagingOptions
        {
            Rabbit = new() { UseQueueManager = true, Hostname = "node", Processname = "p", RabbitTransientQueuesTtl = 0, RabbitHaQueues = true },
        };
        Assert.Equal(Show(new(options, "h")), Show(new(options, "h")));
        Assert.Equal(
            "dhcp_agent_fanout_node:p:2 <- dhcp_agent_fanout (fanout, dhcp_agent) durable=False auto_delete=True/False x-ha-policy=all",
            Show(new(options, "h"))[2]);
    }

    private static string[] Show(QueueSpecs queues) =>
        [.. queues.Casts.Append(queues.Replies).Select(Line)];

    private static string Line(QueueSpec spec)
    {
        var arguments = string.Join(' ', spec.Arguments.Select(pair => $"{pair.Key}={pair.Value}"));
        return $"{Name(spec.Queue)} <- {spec.Exchange} ({spec.ExchangeType}, {spec.RoutingKey}) durable={spec.IsDurable} "
            + $"auto_delete={spec.IsExchangeAutoDelete}/{spec.IsQueueAutoDelete} {arguments}".TrimEnd();
    }

    /// <summary>32 hexadecimal digits are random.</summary>
    private static string Name(string queue) => queue.Length > 32 && Guid.TryParseExact(queue[^32..], "N", out _) ? $"{queue[..^32]}*" : queue;
}

using System.ComponentModel.DataAnnotations;

namespace DhcpHost.Plugin.Neutron.Messaging;

/// <summary>
/// How the queues are declared and the broker is reached: Neutron's section <c>[oslo_messaging_rabbit]</c>, under the same names and with the same
/// defaults. What concerns queues has to be as the rest of the deployment has it, or the broker refuses the declarations.
/// </summary>
/// <remarks>Source: oslo.messaging, <c>_drivers/impl_rabbit.py</c> and <c>_drivers/amqp.py</c>.</remarks>
public sealed record RabbitOptions : IValidatableObject
{
    /// <summary>The prefetch where <see cref="RabbitQosPrefetchCount"/> is zero: this host never takes a backlog without bound.</summary>
    private const ushort DefaultPrefetch = 64;

    private const double MaxSeconds = 86_400;

    /// <summary>Whether the topics' queues and exchanges outlive a restart of the broker. Default false.</summary>
    public bool AmqpDurableQueues { get; init; }

    /// <summary>Whether the topics' queues and exchanges are deleted with their last consumer. Default false.</summary>
    public bool AmqpAutoDelete { get; init; }

    /// <summary>Whether queues are declared with <c>x-ha-policy: all</c>, which RabbitMQ 3 and later ignore. Default false.</summary>
    public bool RabbitHaQueues { get; init; }

    /// <summary>Whether the topics' queues are quorum queues; these are durable whatever <see cref="AmqpDurableQueues"/> says. Default false.</summary>
    public bool RabbitQuorumQueue { get; init; }

    /// <summary>Whether reply and fanout queues are quorum queues too. Default false.</summary>
    public bool RabbitTransientQuorumQueue { get; init; }

    /// <summary>How often a quorum queue delivers a message again before it drops it. Default 0: no limit is declared.</summary>
    [Range(0, int.MaxValue)]
    public int RabbitQuorumDeliveryLimit { get; init; }

    /// <summary>Messages that a quorum queue holds in memory. Default 0: no limit is declared.</summary>
    [Range(0, int.MaxValue)]
    public int RabbitQuorumMaxMemoryLength { get; init; }

    /// <summary>Bytes that a quorum queue holds in memory. Default 0: no limit is declared.</summary>
    [Range(0, int.MaxValue)]
    public int RabbitQuorumMaxMemoryBytes { get; init; }

    /// <summary>Seconds after which an unused reply or fanout queue is deleted (a stream: after which a message is). Default 1800; 0 for never.</summary>
    [Range(0, int.MaxValue / 1000)]
    public int RabbitTransientQueuesTtl { get; init; } = 1800;

    /// <summary>Whether one stream queue stands for all fanout queues; needs <see cref="RabbitTransientQuorumQueue"/>. Default false.</summary>
    public bool RabbitStreamFanout { get; init; }

    /// <summary>Messages of a queue that the broker sends ahead of their acknowledgement. Default 0, which here is 64 and not unlimited.</summary>
    [Range(0, ushort.MaxValue)]
    public int RabbitQosPrefetchCount { get; init; }

    /// <summary>Whether the broker shall end the consumers of a queue that moves to another node (<c>x-cancel-on-ha-failover</c>). Default false.</summary>
    public bool EnableCancelOnFailover { get; init; }

    /// <summary>
    /// Whether reply and fanout queues have the same names after a restart, made of <see cref="Hostname"/> and <see cref="Processname"/>. Default false.
    /// </summary>
    public bool UseQueueManager { get; init; }

    /// <summary>The host's name in the names of queues. Empty, the default: the machine's.</summary>
    public string Hostname { get; init; } = "";

    /// <summary>The process's name in the names of queues; no other process of this machine may use it. Default <c>dhcphost</c>.</summary>
    [MinLength(1)]
    public string Processname { get; init; } = "dhcphost";

    /// <summary>Seconds without a sign of life after which the broker is taken for dead. Default 60; 0 for never.</summary>
    [Range(0, ushort.MaxValue)]
    public int HeartbeatTimeoutThreshold { get; init; } = 60;

    /// <summary>Seconds to wait after the first time that no broker could be reached. Default 1.</summary>
    [Range(1, (int)MaxSeconds)]
    public int RabbitRetryInterval { get; init; } = 1;

    /// <summary>Seconds that this wait grows by each time. Default 2.</summary>
    [Range(0, (int)MaxSeconds)]
    public int RabbitRetryBackoff { get; init; } = 2;

    /// <summary>Seconds that it grows up to. Default 30.</summary>
    [Range(1, (int)MaxSeconds)]
    public int RabbitIntervalMax { get; init; } = 30;

    /// <summary>Seconds up to which a random time is added to each wait, so that not all agents come back at once. Default 0.</summary>
    [Range(0, MaxSeconds)]
    public double KombuReconnectSplay { get; init; }

    /// <summary>Which broker is tried after the one that was lost. Default <see cref="FailoverStrategy.RoundRobin"/>.</summary>
    public FailoverStrategy KombuFailoverStrategy { get; init; }

    /// <summary>How the host shows who it is. Default <see cref="LoginMethod.Amqplain"/>.</summary>
    public LoginMethod RabbitLoginMethod { get; init; }

    /// <summary>Whether the connection is encrypted. Default false.</summary>
    public bool Ssl { get; init; }

    /// <summary>The TLS version: <c>TLSv1_2</c>, <c>TLSv1_3</c>. Empty, the default (and <c>SSLv23</c>): what both sides know best.</summary>
    [RegularExpression("(SSLv23|TLSv1_2|TLSv1_3)?", ErrorMessage = "must be empty, SSLv23, TLSv1_2 or TLSv1_3")]
    public string SslVersion { get; init; } = "";

    /// <summary>A PEM file of the authorities that the brokers' certificates are checked against. Empty, the default: those that the machine trusts.</summary>
    public string SslCaFile { get; init; } = "";

    /// <summary>A PEM file of this host's certificate, and those between it and its authority. Empty, the default: none.</summary>
    public string SslCertFile { get; init; } = "";

    /// <summary>A PEM file of its key. Empty, the default: the key is in <see cref="SslCertFile"/>.</summary>
    public string SslKeyFile { get; init; } = "";

    /// <summary>Whether the broker's name has to be in its certificate. Default true.</summary>
    public bool SslEnforceHostnameVerification { get; init; } = true;

    /// <summary>
    /// Whether the broker's certificate is checked at all. Default true. oslo.messaging has no such option: it checks nothing where no
    /// <see cref="SslCaFile"/> is given.
    /// </summary>
    public bool SslVerify { get; init; } = true;

    internal ushort Prefetch => RabbitQosPrefetchCount == 0 ? DefaultPrefetch : (ushort)RabbitQosPrefetchCount;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (RabbitQuorumQueue && RabbitHaQueues)
        {
            yield return new("must be false where rabbit_quorum_queue is true: a queue is either mirrored or a quorum queue", [nameof(RabbitHaQueues)]);
        }

        if (RabbitTransientQuorumQueue && RabbitHaQueues)
        {
            yield return new(
                "must be false where rabbit_transient_quorum_queue is true: a queue is either mirrored or a quorum queue", [nameof(RabbitHaQueues)]);
        }

        if (RabbitStreamFanout && !RabbitTransientQuorumQueue)
        {
            yield return new("needs rabbit_transient_quorum_queue", [nameof(RabbitStreamFanout)]);
        }

        if (SslKeyFile.Length > 0 && SslCertFile.Length == 0)
        {
            yield return new("needs ssl_cert_file", [nameof(SslKeyFile)]);
        }
    }
}

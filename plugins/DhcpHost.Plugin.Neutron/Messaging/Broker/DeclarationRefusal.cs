using System.Text.RegularExpressions;
using RabbitMQ.Client.Exceptions;

namespace DhcpHost.Plugin.Neutron.Messaging.Broker;

/// <summary>Says why the broker refused a declaration, and which option has to change.</summary>
internal static partial class DeclarationRefusal
{
    public static RpcUnavailableException Describe(QueueSpec spec, OperationInterruptedException refusal)
    {
        var text = refusal.ShutdownReason?.ReplyText ?? refusal.Message;
        var match = Inequivalent().Match(text);
        if (!match.Success)
        {
            return new($"the broker refused to declare queue '{spec.Queue}': {text}", refusal);
        }

        var (argument, kind, name) = (match.Groups["arg"].Value, match.Groups["kind"].Value, match.Groups["name"].Value);
        return new(
            $"{kind} '{name}' exists with {argument} = {Value(match, "current")}, and this host asks for {Value(match, "received")}: " +
            $"set {Option(spec, argument)} as the other users of the broker have it, or delete the {kind}",
            refusal);
    }

    /// <summary>The option that makes the argument what it is, for this queue.</summary>
    private static string Option(QueueSpec spec, string argument) => (argument, IsTopic: spec.ExchangeType == "topic") switch
    {
        ("durable", true) => "amqp_durable_queues or rabbit_quorum_queue",
        ("durable", false) => "rabbit_transient_quorum_queue or rabbit_stream_fanout",
        ("auto_delete", true) => "amqp_auto_delete",
        ("x-queue-type", true) => "rabbit_quorum_queue",
        ("x-queue-type", false) => "rabbit_transient_quorum_queue or rabbit_stream_fanout",
        ("x-expires" or "x-max-age", _) => "rabbit_transient_queues_ttl",
        ("x-delivery-limit", _) => "rabbit_quorum_delivery_limit",
        ("x-max-in-memory-length", _) => "rabbit_quorum_max_memory_length",
        ("x-max-in-memory-bytes", _) => "rabbit_quorum_max_memory_bytes",
        ("x-ha-policy", _) => "rabbit_ha_queues",
        _ => "the options of the queues",
    };

    private static string Value(Match match, string name) => match.Groups[name].Value is { Length: > 0 } value ? value : "none";

    // PRECONDITION_FAILED - inequivalent arg 'x-expires' for queue 'q' in vhost '/': received the value '1' of type 'signedint' but current is none
    [GeneratedRegex(
        @"inequivalent arg '(?<arg>[^']*)' for (?<kind>queue|exchange) '(?<name>[^']*)' in vhost '[^']*': " +
        @"received (?:the value )?(?:'(?<received>[^']*)'|none).* but current is (?:the value )?(?:'(?<current>[^']*)'|none)")]
    private static partial Regex Inequivalent();
}

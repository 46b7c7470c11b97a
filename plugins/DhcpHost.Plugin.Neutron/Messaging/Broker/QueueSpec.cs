namespace DhcpHost.Plugin.Neutron.Messaging.Broker;

/// <summary>A queue and the exchange that feeds it, as they are declared.</summary>
/// <param name="Queue">The queue's name.</param>
/// <param name="Exchange">The exchange's name; empty for the default exchange, which is not declared.</param>
/// <param name="ExchangeType"><c>topic</c>, <c>fanout</c>, <c>direct</c>.</param>
/// <param name="RoutingKey">What binds them.</param>
/// <param name="IsDurable">Of both.</param>
/// <param name="IsExchangeAutoDelete">Whether the exchange goes with its last queue.</param>
/// <param name="IsQueueAutoDelete">Whether the queue goes with its last consumer.</param>
/// <param name="Arguments">Of the queue.</param>
internal sealed record QueueSpec(
    string Queue, string Exchange, string ExchangeType, string RoutingKey, bool IsDurable, bool IsExchangeAutoDelete, bool IsQueueAutoDelete,
    Dictionary<string, object?> Arguments)
{
    /// <summary>Whether the queue goes with this process: its name is random.</summary>
    public bool IsOwn { get; init; }

    /// <summary>Whether it is a stream, of which a consumer says where it begins.</summary>
    public bool IsStream { get; init; }
}

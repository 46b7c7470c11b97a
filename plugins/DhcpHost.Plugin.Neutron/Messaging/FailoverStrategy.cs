namespace DhcpHost.Plugin.Neutron.Messaging;

/// <summary>Which broker is tried after the one that was lost (oslo.messaging's <c>kombu_failover_strategy</c>).</summary>
public enum FailoverStrategy
{
    /// <summary>The next one of the list, which is put into a random order once, at the start.</summary>
    RoundRobin,

    /// <summary>Any, in an order that is random each time.</summary>
    Shuffle,
}

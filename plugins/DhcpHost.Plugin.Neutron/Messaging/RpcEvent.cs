using System.Text.Json;

namespace DhcpHost.Plugin.Neutron.Messaging;

/// <summary>Something that the transport tells.</summary>
public abstract record RpcEvent
{
    private RpcEvent()
    {
    }

    /// <summary>The queues are consumed. What came between a loss and this is queued at the broker, or lost with it.</summary>
    /// <param name="Broker">Which broker: <c>host:port</c>.</param>
    /// <param name="IsFirst">False after a loss: then messages may have been missed.</param>
    public sealed record Connected(string Broker, bool IsFirst) : RpcEvent;

    /// <summary>The connection is lost; it is being made again.</summary>
    /// <param name="Reason">Why, in a sentence.</param>
    public sealed record Disconnected(string Reason) : RpcEvent;

    /// <summary>A cast, well formed as oslo.messaging's envelope goes; its arguments are unchecked.</summary>
    /// <param name="Method">The method.</param>
    /// <param name="Arguments">Its arguments by name; an object.</param>
    /// <param name="SentAt">When this transport received it.</param>
    public sealed record Cast(string Method, JsonElement Arguments, DateTimeOffset SentAt) : RpcEvent;

    /// <summary>A message that is none, dropped and counted.</summary>
    /// <param name="Reason">What is wrong, without the message's own text beyond a few characters.</param>
    public sealed record Dropped(string Reason) : RpcEvent;
}

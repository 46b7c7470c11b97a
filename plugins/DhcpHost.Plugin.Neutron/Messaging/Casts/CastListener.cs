using System.Globalization;
using System.Threading.Channels;
using DhcpHost.Plugin.Neutron.Messaging.Broker;
using DhcpHost.Plugin.Neutron.Messaging.Wire;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Events;

namespace DhcpHost.Plugin.Neutron.Messaging.Casts;

/// <summary>
/// Takes the casts to this host's agent from its queues. A message is acknowledged when the consumer comes back for the next one, and not before, so that
/// one that was being worked on when the host died is delivered again.
/// </summary>
internal sealed partial class CastListener : ILinkUser
{
    private const string StreamOffset = "x-stream-offset";
    private const int SeenCount = 4096;

    private readonly QueueSpecs _queues;
    private readonly MessagingOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly Channel<Item> _items;
    private readonly SeenMessages _seen = new(SeenCount);
    private TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _wasConnected;
    private string? _lastReason;
    private bool _isRead;

    // Where a stream goes on: the last chunk at first, as upstream begins, then behind the last message that was taken.
    private object _nextOffset = "last";

    public CastListener(QueueSpecs queues, MessagingOptions options, TimeProvider timeProvider, ILogger logger)
    {
        (_queues, _options, _timeProvider, _logger) = (queues, options, timeProvider, logger);

        // What a session may have unacknowledged fits in, so that a slow consumer does not keep the connection's other frames waiting.
        _items = Channel.CreateBounded<Item>(new BoundedChannelOptions((options.Rabbit.Prefetch * queues.Casts.Count) + 2) { SingleReader = true });
    }

    private sealed record Item(RpcEvent Event, BrokerSession? Session = null, ulong DeliveryTag = 0);

    /// <summary>The events, each acknowledged when the next one is asked for.</summary>
    public async IAsyncEnumerable<RpcEvent> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isRead, true))
        {
            throw new InvalidOperationException("It is listened to already.");
        }

        try
        {
            await foreach (var item in _items.Reader.ReadAllAsync(cancellationToken))
            {
                try
                {
                    yield return item.Event;
                }
                finally
                {
                    // A consumer that throws has had the message too: it would throw again. One that is stopped has perhaps not come to it.
                    if (item.Session is { } session && !cancellationToken.IsCancellationRequested)
                    {
                        await session.AcknowledgeAsync(item.DeliveryTag, CancellationToken.None);
                    }
                }
            }
        }
        finally
        {
            _isRead = false;
        }
    }

    public async Task OpenAsync(BrokerSession session, CancellationToken cancellationToken)
    {
        foreach (var queue in _queues.Casts)
        {
            await session.DeclareAsync(queue, cancellationToken);
        }

        // No message is handed on before the event that tells that the queues are consumed.
        var ready = _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (var queue in _queues.Casts)
        {
            var arguments = new Dictionary<string, object?>(StringComparer.Ordinal);
            if (queue.IsStream)
            {
                arguments[StreamOffset] = _nextOffset;
            }
            else if (_options.Rabbit.EnableCancelOnFailover)
            {
                arguments["x-cancel-on-ha-failover"] = true;
            }

            await session.ConsumeAsync(queue, arguments, (_, message) => HandleAsync(session, queue, ready.Task, message), cancellationToken);
        }
    }

    public async Task OnReadyAsync(BrokerSession session, CancellationToken cancellationToken)
    {
        await _items.Writer.WriteAsync(new(new RpcEvent.Connected(session.Broker.ToString(), !_wasConnected)), cancellationToken);
        (_lastReason, _wasConnected) = (null, true);
        _ = _ready.TrySetResult();
    }

    public async Task OnUnavailableAsync(string reason, CancellationToken cancellationToken)
    {
        // Each reason once: attempts go on whether anybody takes the events or not.
        if (reason != _lastReason)
        {
            _lastReason = reason;
            await _items.Writer.WriteAsync(new(new RpcEvent.Disconnected(reason)), cancellationToken);
        }
    }

    public Task CloseAsync(BrokerSession session, CancellationToken cancellationToken) => session.DeleteOwnAsync(_queues.Casts, cancellationToken);

    private async Task HandleAsync(BrokerSession session, QueueSpec queue, Task ready, BasicDeliverEventArgs message)
    {
        if (await Task.WhenAny(ready, session.Lost) != ready)
        {
            return;
        }

        RpcEvent item;
        string? id = null;
        try
        {
            var body = MessageBody.Read(message.Body, message.BasicProperties, _options.MaxCastSize.Bytes);
            var cast = OsloCast.Read(body.Span);
            if (cast.UniqueId is { } unique && !_seen.Add(unique))
            {
                Duplicate(cast.Method, unique);
                await session.AcknowledgeAsync(message.DeliveryTag, message.CancellationToken);
                return;
            }

            id = cast.UniqueId;
            item = new RpcEvent.Cast(cast.Method, cast.Arguments, _timeProvider.GetUtcNow());
        }
        catch (MalformedMessageException e)
        {
            item = new RpcEvent.Dropped(e.Message);
        }

        if (queue.IsStream && message.BasicProperties.Headers?.TryGetValue(StreamOffset, out var offset) == true)
        {
            _nextOffset = Convert.ToInt64(offset, CultureInfo.InvariantCulture) + 1;
        }

        try
        {
            await _items.Writer.WriteAsync(new(item, session, message.DeliveryTag), message.CancellationToken);
        }
        catch (OperationCanceledException) when (id is not null)
        {
            // The session ended before there was room: the message is delivered again by the next one.
            _seen.Forget(id);
        }
    }

    [LoggerMessage(2211, LogLevel.Debug, "The cast {Method} with the id {Id} came before, and is dropped")]
    private partial void Duplicate(string method, string id);
}

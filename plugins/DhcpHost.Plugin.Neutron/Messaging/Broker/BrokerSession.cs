using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace DhcpHost.Plugin.Neutron.Messaging.Broker;

/// <summary>One connection with one channel, from its making to its loss. It is never mended: whoever needs another one makes it.</summary>
internal sealed class BrokerSession : IAsyncDisposable
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(3);

    private const ushort NotFound = 404;
    private const string QueueGone = "the broker ended the consumer of a queue: it was deleted, or it moves";

    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IConnection _connection;
    private readonly CreateChannelOptions _channelOptions;

    private BrokerSession(IConnection connection, BrokerAddress broker, CreateChannelOptions channelOptions)
    {
        _connection = connection;
        _channelOptions = channelOptions;
        Broker = broker;
        connection.ConnectionShutdownAsync += OnShutdownAsync;
    }

    public BrokerAddress Broker { get; }

    public IChannel Channel { get; private set; } = null!;

    /// <summary>Ends, with the reason, when the connection or the channel is gone.</summary>
    public Task<string> Lost => _lost.Task;

    /// <summary>Called when the broker stops or resumes to take what is published: with its reason, or null.</summary>
    public void OnBlocked(Action<string?> report)
    {
        _connection.ConnectionBlockedAsync += (_, e) =>
        {
            report(e.Reason);
            return Task.CompletedTask;
        };
        _connection.ConnectionUnblockedAsync += (_, _) =>
        {
            report(null);
            return Task.CompletedTask;
        };
    }

    /// <param name="connection">The connection; it is the session's from now on.</param>
    /// <param name="broker">Where to.</param>
    /// <param name="prefetch">Messages of each queue that may be unacknowledged.</param>
    /// <param name="dispatchers">How many messages may be handled at a time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<BrokerSession> OpenAsync(
        IConnection connection, BrokerAddress broker, ushort prefetch, ushort dispatchers, CancellationToken cancellationToken)
    {
        var session = new BrokerSession(connection, broker, new CreateChannelOptions(false, false, null, dispatchers));
        try
        {
            await session.OpenChannelAsync(cancellationToken);
            await session.Channel.BasicQosAsync(0, prefetch, global: false, cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Declares the exchange, the queue and what binds them.</summary>
    /// <exception cref="RpcUnavailableException">The broker refuses, and why.</exception>
    public async Task DeclareAsync(QueueSpec spec, CancellationToken cancellationToken)
    {
        try
        {
            await DeclareExchangeAsync(spec, cancellationToken);
            try
            {
                await DeclareQueueAsync(spec, cancellationToken);
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == NotFound)
            {
                // The queue is on a node that is down. It can be deleted all the same, and is then made on a node that is up.
                await OpenChannelAsync(cancellationToken);
                _ = await Channel.QueueDeleteAsync(spec.Queue, ifUnused: false, ifEmpty: false, cancellationToken: cancellationToken);
                await DeclareQueueAsync(spec, cancellationToken);
            }

            if (spec.Exchange.Length > 0)
            {
                await Channel.QueueBindAsync(spec.Queue, spec.Exchange, spec.RoutingKey, cancellationToken: cancellationToken);
            }
        }
        catch (OperationInterruptedException e)
        {
            throw DeclarationRefusal.Describe(spec, e);
        }
    }

    /// <summary>Declares only the exchange.</summary>
    /// <exception cref="RpcUnavailableException">The broker refuses, and why.</exception>
    public async Task EnsureExchangeAsync(QueueSpec spec, CancellationToken cancellationToken)
    {
        try
        {
            await DeclareExchangeAsync(spec, cancellationToken);
        }
        catch (OperationInterruptedException e)
        {
            throw DeclarationRefusal.Describe(spec, e);
        }
    }

    /// <summary>Hands every message of a queue to a handler, which acknowledges it.</summary>
    public async Task ConsumeAsync(
        QueueSpec spec, Dictionary<string, object?> arguments, AsyncEventHandler<BasicDeliverEventArgs> handler, CancellationToken cancellationToken)
    {
        var consumer = new AsyncEventingBasicConsumer(Channel);
        consumer.ReceivedAsync += handler;
        consumer.UnregisteredAsync += (_, _) =>
        {
            _ = _lost.TrySetResult(QueueGone);
            return Task.CompletedTask;
        };
        _ = await Channel.BasicConsumeAsync(
            spec.Queue, autoAck: false, consumerTag: "", noLocal: false, exclusive: false, arguments, consumer, cancellationToken);
    }

    /// <summary>Once all is declared: from now on the end of the channel is a loss. Before, it is an answer of the broker, which whoever asked gets.</summary>
    public void Watch()
    {
        Channel.ChannelShutdownAsync += OnShutdownAsync;
        if (Channel.CloseReason is { } reason)
        {
            _ = _lost.TrySetResult(reason.ReplyText);
        }
    }

    /// <summary>Acknowledges, unless the session is lost: then the broker delivers the message again.</summary>
    public async ValueTask AcknowledgeAsync(ulong deliveryTag, CancellationToken cancellationToken)
    {
        if (Lost.IsCompleted)
        {
            return;
        }

        try
        {
            await Channel.BasicAckAsync(deliveryTag, multiple: false, cancellationToken);
        }
        catch (Exception e) when (e is RabbitMQClientException or IOException or ObjectDisposedException)
        {
            _ = _lost.TrySetResult(e.Message);
        }
    }

    /// <summary>Deletes a queue that no other process may use, before the session ends.</summary>
    public async Task DeleteOwnAsync(IEnumerable<QueueSpec> specs, CancellationToken cancellationToken)
    {
        foreach (var spec in specs.Where(spec => spec.IsOwn && !Lost.IsCompleted))
        {
            _ = await Channel.QueueDeleteAsync(spec.Queue, ifUnused: false, ifEmpty: false, cancellationToken: cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _ = _lost.TrySetResult("closed by this host");
        _connection.ConnectionShutdownAsync -= OnShutdownAsync;
        try
        {
            await _connection.AbortAsync(CloseTimeout);
            await _connection.DisposeAsync();
        }
        catch (Exception e) when (e is RabbitMQClientException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // It is gone already, or does not answer: there is nothing left to close.
        }
    }

    private async Task OpenChannelAsync(CancellationToken cancellationToken)
    {
        Channel = await _connection.CreateChannelAsync(_channelOptions, cancellationToken);
        Channel.CallbackExceptionAsync += (_, e) =>
        {
            _ = _lost.TrySetResult($"a message could not be handled: {e.Exception}");
            return Task.CompletedTask;
        };
    }

    private async Task DeclareExchangeAsync(QueueSpec spec, CancellationToken cancellationToken)
    {
        if (spec.Exchange.Length > 0)
        {
            await Channel.ExchangeDeclareAsync(
                spec.Exchange, spec.ExchangeType, spec.IsDurable, spec.IsExchangeAutoDelete, cancellationToken: cancellationToken);
        }
    }

    private async Task DeclareQueueAsync(QueueSpec spec, CancellationToken cancellationToken) =>
        _ = await Channel.QueueDeclareAsync(
            spec.Queue, spec.IsDurable, exclusive: false, spec.IsQueueAutoDelete, spec.Arguments, cancellationToken: cancellationToken);

    private Task OnShutdownAsync(object sender, ShutdownEventArgs e)
    {
        _ = _lost.TrySetResult(e.ReplyText is { Length: > 0 } text ? text : e.ToString());
        return Task.CompletedTask;
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using DhcpHost.Plugin.Neutron.Messaging.Broker;
using DhcpHost.Plugin.Neutron.Messaging.Wire;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace DhcpHost.Plugin.Neutron.Messaging.Calls;

/// <summary>Sends calls, and gives each the answer that names it.</summary>
internal sealed partial class RpcCaller : ILinkUser, IAsyncDisposable
{
    /// <summary>How long to wait before a call is sent again that no server listened for.</summary>
    private static readonly TimeSpan ReturnedPause = TimeSpan.FromMilliseconds(500);

    /// <summary>oslo.messaging writes the id behind the result: it is looked for near the end of an answer that is too large to read.</summary>
    private const int TailLength = 4096;

    private readonly ConcurrentDictionary<string, PendingCall> _pending = new(StringComparer.Ordinal);
    private readonly QueueSpecs _queues;
    private readonly MessagingOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly CallLine _line;
    private readonly CallTimeouts _timeouts;
    private readonly SemaphoreSlim _slots;

    public RpcCaller(QueueSpecs queues, MessagingOptions options, TimeProvider timeProvider, ILogger logger)
    {
        (_queues, _options, _timeProvider, _logger) = (queues, options, timeProvider, logger);
        _line = new(timeProvider);
        _timeouts = new(options.RpcResponseTimeout, options.RpcResponseMaxTimeout);
        _slots = new(options.MaxCallsInFlight);
    }

    /// <summary>Calls that wait for their answers.</summary>
    internal int InFlight => _pending.Count;

    public async Task<JsonElement> CallAsync(RpcCall call, CancellationToken cancellationToken)
    {
        var timeout = call.Timeout ?? _timeouts.Of(call.Method);
        var start = _timeProvider.GetTimestamp();
        if (!await _slots.WaitAsync(timeout, cancellationToken))
        {
            throw new RpcTimeoutException($"{call.Method}: {_options.MaxCallsInFlight} calls (max_calls_in_flight) were under way for {Seconds(timeout)} s");
        }

        var pending = new PendingCall();
        _pending[pending.Id] = pending;
        try
        {
            return await CallAsync(call, pending, timeout, start, cancellationToken);
        }
        finally
        {
            _ = _pending.TryRemove(pending.Id, out _);
            _ = _slots.Release();
        }
    }

    public async Task OpenAsync(BrokerSession session, CancellationToken cancellationToken)
    {
        await session.EnsureExchangeAsync(_queues.Exchange, cancellationToken);
        await session.DeclareAsync(_queues.Replies, cancellationToken);
        session.OnBlocked(reason => OnBlocked(session, reason));
        session.Channel.BasicReturnAsync += OnReturnedAsync;
        var arguments = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (_options.Rabbit.EnableCancelOnFailover)
        {
            arguments["x-cancel-on-ha-failover"] = true;
        }

        await session.ConsumeAsync(_queues.Replies, arguments, (_, message) => OnReplyAsync(session, message), cancellationToken);
    }

    public Task OnReadyAsync(BrokerSession session, CancellationToken cancellationToken)
    {
        _line.Open(session);
        return Task.CompletedTask;
    }

    public Task OnUnavailableAsync(string reason, CancellationToken cancellationToken)
    {
        _line.Close(reason);
        return Task.CompletedTask;
    }

    public async Task CloseAsync(BrokerSession session, CancellationToken cancellationToken)
    {
        _line.End();
        await session.DeleteOwnAsync([_queues.Replies], cancellationToken);
    }

    /// <summary>Calls under way fail, and have failed when it returns.</summary>
    public async ValueTask DisposeAsync()
    {
        _line.End();
        for (var slot = 0; slot < _options.MaxCallsInFlight; slot++)
        {
            await _slots.WaitAsync();
        }

        _slots.Dispose();
    }

    private async Task<JsonElement> CallAsync(RpcCall call, PendingCall pending, TimeSpan timeout, long start, CancellationToken cancellationToken)
    {
        var isFirst = call.IsIdempotent;
        while (true)
        {
            var session = await _line.ReadyAsync(Smaller(_options.ConnectTimeout, Left()), cancellationToken);
            var wait = isFirst ? Smaller(_timeouts.FirstOf(call.Method, timeout), Left()) : Left();
            isFirst = false;
            if (!await SendAsync(session, call, pending, wait, cancellationToken))
            {
                continue;
            }

            Task ended;
            try
            {
                ended = await Task.WhenAny(pending.Answer, session.Lost, pending.Returned).WaitAsync(wait, _timeProvider, cancellationToken);
            }
            catch (TimeoutException)
            {
                if (Left() > TimeSpan.Zero)
                {
                    SentAgain(call.Method, wait.TotalSeconds);
                    continue;
                }

                _timeouts.TimedOut(call.Method, timeout);
                throw new RpcTimeoutException($"{call.Method}: no answer within {Seconds(timeout)} s");
            }

            if (ended == pending.Answer)
            {
                _timeouts.Answered(call.Method, _timeProvider.GetElapsedTime(start));
                return await pending.Answer;
            }

            if (ended == session.Lost && !call.IsIdempotent)
            {
                throw new RpcUnavailableException(
                    $"{call.Method}: the connection was lost before the answer, and it is not known whether it was done: {await session.Lost}");
            }

            if (ended == pending.Returned)
            {
                if (_timeProvider.GetElapsedTime(start) >= Smaller(_options.ConnectTimeout, timeout))
                {
                    throw new RpcUnavailableException($"{call.Method}: no server listens to the topic {call.Topic}: {await pending.Returned}");
                }

                await Task.Delay(Smaller(ReturnedPause, Left()), _timeProvider, cancellationToken);
            }
        }

        TimeSpan Left()
        {
            var left = timeout - _timeProvider.GetElapsedTime(start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <returns>False if the session was lost before anything was sent.</returns>
    private async Task<bool> SendAsync(BrokerSession session, RpcCall call, PendingCall pending, TimeSpan wait, CancellationToken cancellationToken)
    {
        pending.BeginSending();
        var properties = new BasicProperties
        {
            ContentType = "application/json",
            ContentEncoding = "utf-8",
            DeliveryMode = DeliveryModes.Persistent,
            Priority = 0,
            MessageId = pending.Id,
            // A server that comes to it later would work for nobody.
            Expiration = ((long)Math.Ceiling(wait.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture),
        };
        var body = OsloCall.Write(call, pending.Id, _queues.Replies.Queue, _timeProvider.GetUtcNow());
        try
        {
            await session.Channel.BasicPublishAsync(_options.ControlExchange, call.Topic, mandatory: true, properties, body, cancellationToken);
            return true;
        }
        catch (AlreadyClosedException)
        {
            return false;
        }
        catch (Exception e) when (e is RabbitMQClientException or IOException or TimeoutException or OperationCanceledException or ObjectDisposedException
            && !cancellationToken.IsCancellationRequested)
        {
            // Perhaps it is sent: the session's loss tells how it goes on.
            return true;
        }
    }

    private Task OnReturnedAsync(object sender, BasicReturnEventArgs e)
    {
        if (e.BasicProperties.MessageId is { } id && _pending.TryGetValue(id, out var pending))
        {
            pending.Return(e.ReplyText);
        }

        return Task.CompletedTask;
    }

    private async Task OnReplyAsync(BrokerSession session, BasicDeliverEventArgs message)
    {
        try
        {
            var body = MessageBody.Read(message.Body, message.BasicProperties, _options.MaxReplySize.Bytes);
            var reply = OsloReply.Read(body.Span);
            if (_pending.TryGetValue(reply.MessageId, out var pending))
            {
                pending.Take(reply);
            }
            else
            {
                Late(reply.MessageId);
            }
        }
        catch (MalformedMessageException e)
        {
            Dropped(e.Message);
            FailUnreadable(message.Body.Span, e.Message);
        }

        await session.AcknowledgeAsync(message.DeliveryTag, message.CancellationToken);
    }

    /// <summary>The call whose answer cannot be read need not wait for its timeout.</summary>
    private void FailUnreadable(ReadOnlySpan<byte> body, string reason)
    {
        var tail = body[Math.Max(0, body.Length - TailLength)..];
        foreach (var (id, pending) in _pending)
        {
            if (tail.IndexOf(Encoding.ASCII.GetBytes(id)) >= 0)
            {
                pending.Fail(new RpcUnavailableException($"the answer cannot be read: {reason}"));
            }
        }
    }

    private void OnBlocked(BrokerSession session, string? reason)
    {
        _line.Block(session, reason);
        if (reason is null)
        {
            Unblocked(session.Broker.ToString());
        }
        else
        {
            Blocked(session.Broker.ToString(), reason);
        }
    }

    private static TimeSpan Smaller(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    [LoggerMessage(2221, LogLevel.Debug, "{Method} is sent again: no answer within {Seconds} s")]
    private partial void SentAgain(string method, double seconds);

    [LoggerMessage(2222, LogLevel.Debug, "An answer to {Id} came, for which nobody waits any more")]
    private partial void Late(string id);

    [LoggerMessage(2223, LogLevel.Warning, "An answer is dropped: {Reason}")]
    private partial void Dropped(string reason);

    [LoggerMessage(2224, LogLevel.Error, "Broker {Broker} takes no messages: {Reason}")]
    private partial void Blocked(string broker, string reason);

    [LoggerMessage(2225, LogLevel.Information, "Broker {Broker} takes messages again")]
    private partial void Unblocked(string broker);
}

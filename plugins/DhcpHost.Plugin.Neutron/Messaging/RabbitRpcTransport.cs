using System.Text.Json;
using DhcpHost.Plugin.Neutron.Messaging.Broker;
using DhcpHost.Plugin.Neutron.Messaging.Calls;
using DhcpHost.Plugin.Neutron.Messaging.Casts;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Neutron.Messaging;

/// <summary>
/// oslo.messaging 2.0 over RabbitMQ. It has two connections, so that a broker that stops to take what is published still delivers casts: one for
/// calls and their answers, one for casts. Each is made at its first use and made again, by itself, whenever it is lost.
/// </summary>
/// <remarks>
/// A cast is delivered at least once: it is acknowledged when the consumer asks for the next event. Those that were prefetched when the connection was
/// lost are delivered again, and dropped by their <c>_unique_id</c> if they were handed on already.
/// </remarks>
public sealed class RabbitRpcTransport : IRpcTransport
{
    private const ushort ReplyDispatchers = 4;

    private readonly CancellationTokenSource _stopping = new();
    private readonly RpcCaller _caller;
    private readonly CastListener _listener;
    private readonly BrokerLink _calls;
    private readonly BrokerLink _casts;
    private readonly Lock _lock = new();
    private Task? _callsTask;
    private Task? _castsTask;

    /// <summary>Connects to nothing yet.</summary>
    /// <param name="options">The options, valid.</param>
    /// <param name="host">The agent's host, Neutron's <c>host</c>: its queue is <c>dhcp_agent.HOST</c>.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">The log.</param>
    public RabbitRpcTransport(MessagingOptions options, string host, TimeProvider timeProvider, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(host);
        Queues = new(options, host);
        _caller = new(Queues, options, timeProvider, logger);
        _listener = new(Queues, options, timeProvider, logger);

        // A large answer is read while others are.
        _calls = Link("calls", _caller, (ushort)Math.Max(options.MaxCallsInFlight, ReplyDispatchers), ReplyDispatchers);
        _casts = Link("casts", _listener, options.Rabbit.Prefetch, 1);

        BrokerLink Link(string purpose, ILinkUser user, ushort prefetch, ushort dispatchers)
        {
            var connector = new BrokerConnector(options, purpose, prefetch, dispatchers, logger);
            return new(connector, user, options.Rabbit, purpose, timeProvider, logger);
        }
    }

    /// <summary>The queues that it declares.</summary>
    internal QueueSpecs Queues { get; }

    /// <inheritdoc/>
    public void Open()
    {
        ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
        lock (_lock)
        {
            _callsTask ??= Task.Run(() => _calls.RunAsync(_stopping.Token), CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public Task<JsonElement> CallAsync(RpcCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        Open();
        return _caller.CallAsync(call, cancellationToken);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<RpcEvent> ListenAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
        lock (_lock)
        {
            _castsTask ??= Task.Run(() => _casts.RunAsync(_stopping.Token), CancellationToken.None);
        }

        return _listener.ReadAsync(cancellationToken);
    }

    /// <summary>Deletes the queues that no other process may use, and closes the connections. Calls under way fail.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync();
        foreach (var link in new[] { _castsTask, _callsTask }.OfType<Task>())
        {
            await link.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _caller.DisposeAsync();
        _stopping.Dispose();
    }
}

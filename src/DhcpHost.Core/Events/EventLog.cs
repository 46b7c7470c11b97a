using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Metrics;
using DhcpHost.Core.State;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Core.Events;

/// <summary>
/// The history: a line in the log, a row in the state file, and news for followers. The last events are also held in memory, so that they
/// can be read while the disk is not well.
/// </summary>
public sealed partial class EventLog : IEventLog
{
    /// <summary>The kind of the event that tells a follower how many it lost.</summary>
    public const string DroppedKind = "events.dropped";

    private const int Recent = 1_000;
    private const int FollowerCapacity = 1_000;

    private readonly Lock _lock = new();
    private readonly StateStore _state;
    private readonly EngineMetrics _metrics;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _log;
    private readonly Queue<HostEvent> _recent = new();
    private ImmutableArray<Channel<HostEvent>> _followers = [];
    private long _sequence;
    private bool _isOpen;

    /// <summary>A log that keeps its events in a state store.</summary>
    public EventLog(StateStore state, EngineMetrics metrics, TimeProvider timeProvider, ILogger<EventLog> log) =>
        (_state, _metrics, _timeProvider, _log) = (state, metrics, timeProvider, log);

    /// <inheritdoc/>
    public void Record(HostEvent hostEvent)
    {
        ArgumentNullException.ThrowIfNull(hostEvent);
        lock (_lock)
        {
            // Before the state file is open, nobody knows which sequences were used: those events get theirs in Open.
            hostEvent = hostEvent with { Sequence = _isOpen ? ++_sequence : 0 };
            _recent.Enqueue(hostEvent);
            while (_recent.Count > Recent)
            {
                _recent.Dequeue();
            }

            if (_isOpen)
            {
                Publish_NeedsLock(hostEvent);
            }
        }

        Write(hostEvent);
    }

    /// <summary>Adds an event that happens now.</summary>
    public void Record(EventSeverity severity, string kind, NetworkId? networkId, string message, string? details = null) =>
        Record(
            new HostEvent { Time = _timeProvider.GetUtcNow(), Severity = severity, Kind = kind, NetworkId = networkId, Message = message, Details = details });

    /// <summary>Continues the sequence of the state file, now that it is open. Called once, by the engine.</summary>
    internal void Open(long lastSequence)
    {
        lock (_lock)
        {
            if (_isOpen)
            {
                return;
            }

            (_isOpen, _sequence) = (true, lastSequence);
            for (var early = _recent.Count; early > 0; early--)
            {
                var hostEvent = _recent.Dequeue() with { Sequence = ++_sequence };
                _recent.Enqueue(hostEvent);
                Publish_NeedsLock(hostEvent);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<HostEvent>> ListAsync(NetworkId? networkId, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 10_000);
        List<HostEvent> recent;
        lock (_lock)
        {
            recent = [.. _recent.Where(held => networkId is null || held.NetworkId == networkId).Reverse().Take(count)];
        }

        if (recent.Count == count)
        {
            return recent;
        }

        var oldest = recent.Count == 0 ? long.MaxValue : recent[^1].Sequence;
        var kept = await _state.ReadEventsAsync(networkId, count, cancellationToken);
        return [.. recent, .. kept.Where(older => older.Sequence < oldest).Take(count - recent.Count)];
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<HostEvent> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lost = 0L;
        var channel = Channel.CreateBounded<HostEvent>(
            new BoundedChannelOptions(FollowerCapacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ =>
            {
                Interlocked.Increment(ref lost);
                _metrics.EventsDropped.Add(1);
            });
        lock (_lock)
        {
            _followers = _followers.Add(channel);
        }

        try
        {
            await foreach (var hostEvent in channel.Reader.ReadAllAsync(cancellationToken))
            {
                if (Interlocked.Exchange(ref lost, 0) is > 0 and var count)
                {
                    yield return new()
                    {
                        Time = _timeProvider.GetUtcNow(),
                        Severity = EventSeverity.Warning,
                        Kind = DroppedKind,
                        Message = $"{count} events were not delivered here because they were read too slowly; the history has them.",
                    };
                }

                yield return hostEvent;
            }
        }
        finally
        {
            lock (_lock)
            {
                _followers = _followers.Remove(channel);
            }
        }
    }

    private void Publish_NeedsLock(HostEvent hostEvent)
    {
        if (!_state.Append(hostEvent))
        {
            _metrics.EventsDropped.Add(1);
        }

        foreach (var follower in _followers)
        {
            follower.Writer.TryWrite(hostEvent);
        }
    }

    private void Write(HostEvent hostEvent)
    {
        var level = hostEvent.Severity switch
        {
            EventSeverity.Error => LogLevel.Error,
            EventSeverity.Warning => LogLevel.Warning,
            _ => LogLevel.Information,
        };
        if (hostEvent.NetworkId is { } id)
        {
            LogNetwork(level, hostEvent.Kind, id.Value, hostEvent.Message);
        }
        else
        {
            LogHost(level, hostEvent.Kind, hostEvent.Message);
        }
    }

    [LoggerMessage(EventId = 1001, Message = "{Kind}: {Text}")]
    private partial void LogHost(LogLevel level, string kind, string text);

    [LoggerMessage(EventId = 1002, Message = "{Kind}: network {Network}: {Text}")]
    private partial void LogNetwork(LogLevel level, string kind, string network, string text);
}

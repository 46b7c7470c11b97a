using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DhcpHost.Abstractions.Sources;

namespace DhcpHost.Plugin.Neutron.Watching;

/// <summary>Hands events to whoever watches. Thread-safe.</summary>
internal sealed class EventHub : IDisposable
{
    private const int MaxWaiting = 65_536;

    private readonly Lock _lock = new();
    private readonly List<Channel<SourceEvent>> _watchers = [];
    private SourceHealth _health = new() { IsHealthy = false, Message = "not connected yet" };
    private bool _isClosed;

    /// <summary>The health that was told last.</summary>
    public SourceHealth Health
    {
        get
        {
            lock (_lock)
            {
                return _health;
            }
        }
    }

    /// <summary>Tells an event. A watcher that is so far behind that its queue is full is ended: it begins again, with a list of all.</summary>
    public void Publish(SourceEvent item)
    {
        lock (_lock)
        {
            if (item is SourceEvent.HealthChanged changed)
            {
                if (changed.Health == _health)
                {
                    return;
                }

                _health = changed.Health;
            }

            foreach (var watcher in _watchers)
            {
                if (!watcher.Writer.TryWrite(item))
                {
                    _ = watcher.Writer.TryComplete();
                }
            }
        }
    }

    /// <summary>Events from now on, the health first.</summary>
    public async IAsyncEnumerable<SourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var events = Channel.CreateBounded<SourceEvent>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
        lock (_lock)
        {
            _ = events.Writer.TryWrite(new SourceEvent.HealthChanged(_health));
            if (_isClosed)
            {
                _ = events.Writer.TryComplete();
            }

            _watchers.Add(events);
        }

        try
        {
            await foreach (var item in events.Reader.ReadAllAsync(cancellationToken))
            {
                yield return item;
            }
        }
        finally
        {
            lock (_lock)
            {
                _ = _watchers.Remove(events);
            }
        }
    }

    /// <summary>Ends all watches.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            _watchers.ForEach(watcher => watcher.Writer.TryComplete());
        }
    }
}

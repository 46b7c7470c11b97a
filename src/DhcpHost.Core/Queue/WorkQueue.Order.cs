namespace DhcpHost.Core.Queue;

public sealed partial class WorkQueue<TKey>
{
    private static int CompareReady(Item left, Item right) =>
        left.Priority != right.Priority ? right.Priority.CompareTo(left.Priority) : left.Order.CompareTo(right.Order);

    private static int CompareWaiting(Item left, Item right) =>
        left.ReadyAt != right.ReadyAt ? left.ReadyAt.CompareTo(right.ReadyAt) : left.Order.CompareTo(right.Order);

    private long Later(long now, TimeSpan delay) =>
        now + (long)Math.Min(delay.TotalSeconds * _timeProvider.TimestampFrequency, long.MaxValue / 4);

    private void Merge_NeedsLock(Item item, int priority, long readyAt, long now)
    {
        if (_waiting.Remove(item))
        {
            item.Priority = Math.Max(item.Priority, priority);
            item.ReadyAt = Math.Min(item.ReadyAt, readyAt);
            Place_NeedsLock(item, now);
        }
        else if (priority > item.Priority)
        {
            _ready.Remove(item);
            item.Priority = priority;
            item.Order = ++_order;
            if (!item.IsHeld)
            {
                _ready.Add(item);
            }
        }
    }

    private void Place_NeedsLock(Item item, long now)
    {
        // The order counts from when a key becomes ready, not from when it was added.
        item.Order = ++_order;
        if (item.ReadyAt > now)
        {
            _waiting.Add(item);
            return;
        }

        item.ReadySince = now;
        item.IsHeld = _processing.ContainsKey(item.Key);
        if (!item.IsHeld)
        {
            _ready.Add(item);
        }
    }

    private void HandOut_NeedsLock(List<TimeSpan> handedOut)
    {
        while (_workers.First is { } worker && _ready.Min is { } item)
        {
            _workers.RemoveFirst();
            _ready.Remove(item);

            // The mark is cleared before the work begins: a change during the work makes the key dirty again.
            _dirty.Remove(item.Key);
            _processing.Add(item.Key, _timeProvider.GetTimestamp());
            handedOut.Add(_timeProvider.GetElapsedTime(item.ReadySince));
            worker.Value.SetResult(new(item.Key, item.Priority));
        }
    }

    private void Schedule_NeedsLock(long now)
    {
        if (_waiting.Min is not { } next)
        {
            return;
        }

        var due = _timeProvider.GetElapsedTime(now, next.ReadyAt);
        due = due < Soonest ? Soonest : due > Heartbeat ? Heartbeat : due;
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        var handedOut = new List<TimeSpan>();
        lock (_lock)
        {
            if (_isShutDown)
            {
                return;
            }

            var now = _timeProvider.GetTimestamp();
            while (_waiting.Min is { } item && item.ReadyAt <= now)
            {
                _waiting.Remove(item);
                Place_NeedsLock(item, now);
            }

            HandOut_NeedsLock(handedOut);
            Schedule_NeedsLock(now);
        }

        Measure(handedOut);
    }

    private void Drained_NeedsLock()
    {
        if (!_isShutDown || _processing.Count > 0)
        {
            return;
        }

        foreach (var drained in _drained)
        {
            drained.SetResult();
        }

        _drained.Clear();
    }

    private void Measure(List<TimeSpan> handedOut)
    {
        foreach (var latency in handedOut)
        {
            _meter?.HandedOut(latency);
        }
    }

    private sealed class Item(TKey key, int priority)
    {
        public TKey Key { get; } = key;

        public int Priority { get; set; } = priority;

        /// <summary>The time stamp from which it may be handed out.</summary>
        public long ReadyAt { get; set; }

        /// <summary>The time stamp at which it became ready.</summary>
        public long ReadySince { get; set; }

        /// <summary>Its place among those of its priority.</summary>
        public long Order { get; set; }

        /// <summary>It is ready, but a worker has its key.</summary>
        public bool IsHeld { get; set; }
    }
}

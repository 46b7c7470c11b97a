namespace DhcpHost.Core.Tests.Queue;

/// <summary>The queue's rules, written down as plainly as possible, at the cost of any speed.</summary>
internal sealed class QueueModel
{
    private readonly List<Item> _dirty = [];
    private long _order;

    public long Now { get; private set; }

    public List<int> Processing { get; } = [];

    public int Depth => _dirty.Count(item => item.IsReady && !Processing.Contains(item.Key));

    public int Waiting => _dirty.Count(item => !item.IsReady);

    public void Add(int key, int priority, long delay)
    {
        var item = _dirty.SingleOrDefault(held => held.Key == key);
        if (item is null)
        {
            _dirty.Add(item = new() { Key = key, Priority = priority, ReadyAt = Now + delay });
            item.Order = ++_order;
            item.IsReady = item.ReadyAt <= Now;
        }
        else if (!item.IsReady)
        {
            item.Priority = Math.Max(item.Priority, priority);
            item.ReadyAt = Math.Min(item.ReadyAt, Now + delay);
            item.Order = ++_order;
            item.IsReady = item.ReadyAt <= Now;
        }
        else if (priority > item.Priority)
        {
            item.Priority = priority;
            item.Order = ++_order;
        }
    }

    public void Advance(long ticks)
    {
        Now += ticks;
        foreach (var item in _dirty.Where(item => !item.IsReady && item.ReadyAt <= Now).OrderBy(item => item.ReadyAt).ThenBy(item => item.Order).ToList())
        {
            item.IsReady = true;
            item.Order = ++_order;
        }
    }

    public (int Key, int Priority)? Take()
    {
        var next = _dirty.Where(item => item.IsReady && !Processing.Contains(item.Key))
            .OrderByDescending(item => item.Priority)
            .ThenBy(item => item.Order)
            .FirstOrDefault();
        if (next is null)
        {
            return null;
        }

        _dirty.Remove(next);
        Processing.Add(next.Key);
        return (next.Key, next.Priority);
    }

    public void Done(int key) => Processing.Remove(key);

    public bool Forget(int key) => _dirty.RemoveAll(item => item.Key == key && !item.IsReady) > 0;

    private sealed class Item
    {
        public required int Key { get; init; }

        public int Priority { get; set; }

        public long ReadyAt { get; set; }

        public long Order { get; set; }

        public bool IsReady { get; set; }
    }
}

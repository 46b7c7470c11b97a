using System.Diagnostics.CodeAnalysis;

namespace DhcpHost.Plugin.Neutron.Caching;

/// <summary>What was noted about keys, the oldest forgotten first: by age and by number. Not thread-safe.</summary>
internal sealed class AgedMap<TKey, TValue>(int maxCount)
    where TKey : notnull
{
    private readonly Dictionary<TKey, Node> _nodes = [];
    private readonly Queue<(TKey Key, long Serial, long At)> _order = new();
    private long _serial;

    public int Count => _nodes.Count;

    public IEnumerable<KeyValuePair<TKey, TValue>> Items => _nodes.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Value));

    public void Set(TKey key, TValue value, long at)
    {
        _nodes[key] = new(value, ++_serial);
        _order.Enqueue((key, _serial, at));
        while (_nodes.Count > maxCount || _order.Count > 2 * maxCount)
        {
            DropOldest();
        }
    }

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var found = _nodes.TryGetValue(key, out var node);
        value = found ? node.Value : default;
        return found;
    }

    public void Remove(TKey key) => _nodes.Remove(key);

    /// <summary>Forgets what was noted before a moment.</summary>
    public void Forget(long before)
    {
        while (_order.TryPeek(out var oldest) && oldest.At < before)
        {
            DropOldest();
        }
    }

    private void DropOldest()
    {
        var (key, serial, _) = _order.Dequeue();
        if (_nodes.TryGetValue(key, out var node) && node.Serial == serial)
        {
            _nodes.Remove(key);
        }
    }

    private readonly record struct Node(TValue Value, long Serial);
}

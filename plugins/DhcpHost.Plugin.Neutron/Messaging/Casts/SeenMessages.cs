namespace DhcpHost.Plugin.Neutron.Messaging.Casts;

/// <summary>The unique ids of the last messages, to know one that a broker delivers again after a lost connection.</summary>
/// <remarks>oslo.messaging remembers 16, which a prefetched burst exceeds.</remarks>
internal sealed class SeenMessages(int capacity)
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <returns>False if it was there already.</returns>
    public bool Add(string id)
    {
        lock (_lock)
        {
            if (!_ids.Add(id))
            {
                return false;
            }

            _order.Enqueue(id);
            if (_order.Count > capacity)
            {
                _ = _ids.Remove(_order.Dequeue());
            }

            return true;
        }
    }

    /// <summary>It was not taken after all, and may come again.</summary>
    public void Forget(string id)
    {
        lock (_lock)
        {
            _ = _ids.Remove(id);
        }
    }
}

using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Core.Engine;

/// <summary>How far the last full sync is: which of its networks were not yet tried. Thread-safe.</summary>
internal sealed class SyncProgress
{
    private readonly Lock _lock = new();
    private readonly HashSet<NetworkId> _pending = [];
    private int _total;

    public (int Done, int Total) Progress
    {
        get
        {
            lock (_lock)
            {
                return (_total - _pending.Count, _total);
            }
        }
    }

    /// <summary>A source was listed: its networks are to be tried. Where an earlier sync still runs, they join it.</summary>
    public void Begin(IReadOnlyCollection<NetworkId> networks)
    {
        lock (_lock)
        {
            if (_pending.Count == 0)
            {
                _total = 0;
            }

            foreach (var id in networks)
            {
                if (_pending.Add(id))
                {
                    _total++;
                }
            }
        }
    }

    public void Tried(NetworkId id)
    {
        lock (_lock)
        {
            _pending.Remove(id);
        }
    }
}

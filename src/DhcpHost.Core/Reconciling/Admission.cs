using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Plugins;

namespace DhcpHost.Core.Reconciling;

/// <summary>
/// Who holds a place under <c>limits.networks</c> and <c>limits.servers</c>. A place is taken before anything is made, and given back when
/// all of it is gone. Thread-safe.
/// </summary>
internal sealed class Admission
{
    private readonly Lock _lock = new();
    private readonly HashSet<NetworkId> _networks = [];
    private readonly HashSet<NetworkId> _leaving = [];
    private readonly Dictionary<NetworkId, HashSet<(ServerKey, DriverKind)>> _servers = [];
    private int _serverCount;
    private long _freeCount;

    /// <summary>Called, outside the lock, when a place became free.</summary>
    public Action? Freed { get; set; }

    /// <summary>How often a place became free: whoever was refused while it rose has to ask again.</summary>
    public long FreeCount => Interlocked.Read(ref _freeCount);

    public int Networks
    {
        get
        {
            lock (_lock)
            {
                return _networks.Count;
            }
        }
    }

    public int Servers
    {
        get
        {
            lock (_lock)
            {
                return _serverCount;
            }
        }
    }

    /// <summary>Takes the places that a network needs, in place of those that it has; all or none.</summary>
    /// <returns>The key of the limit that refuses it; <c>null</c> where none does.</returns>
    public string? TryEnter(NetworkId id, IReadOnlyCollection<(ServerKey, DriverKind)> servers, int maxNetworks, int maxServers)
    {
        var isFreed = false;
        lock (_lock)
        {
            // A place that is held is not taken away by others; it is by a limit that was lowered, from no more networks than it says: those that were
            // told to go count no more among those that may stay, but their places are nobody else's yet.
            var isHolder = _networks.Contains(id);
            var held = _servers.GetValueOrDefault(id)?.Count ?? 0;
            var others = _networks.Count - (isHolder ? 1 + _leaving.Count(leaving => leaving != id) : 0);
            var othersServers = _serverCount - held - (isHolder ? _leaving.Sum(leaving => leaving == id ? 0 : _servers[leaving].Count) : 0);
            if (others >= maxNetworks || othersServers + servers.Count > maxServers)
            {
                if (isHolder)
                {
                    _leaving.Add(id);
                }

                return others >= maxNetworks ? "networks" : "servers";
            }

            _leaving.Remove(id);
            _networks.Add(id);
            _servers[id] = [.. servers];
            _serverCount += servers.Count - held;
            isFreed = servers.Count < held;
        }

        if (isFreed)
        {
            Announce();
        }

        return null;
    }

    /// <summary>Counts what was recovered, whatever the limits say: it runs.</summary>
    public void Adopt(NetworkId id, IReadOnlyCollection<(ServerKey, DriverKind)> servers) => TryEnter(id, servers, int.MaxValue, int.MaxValue);

    /// <summary>Gives all places of a network back.</summary>
    public void Leave(NetworkId id)
    {
        lock (_lock)
        {
            if (!_networks.Remove(id))
            {
                return;
            }

            _leaving.Remove(id);

            if (_servers.Remove(id, out var held))
            {
                _serverCount -= held.Count;
            }
        }

        Announce();
    }

    private void Announce()
    {
        Interlocked.Increment(ref _freeCount);
        Freed?.Invoke();
    }
}

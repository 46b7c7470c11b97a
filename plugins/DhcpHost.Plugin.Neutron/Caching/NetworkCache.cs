using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Neutron.Caching;

/// <summary>
/// This host's networks as Neutron last told them, by answers and by messages. A message is news of one port; it may come late, twice, out of order, or while
/// a question is under way, whose answer may be older or newer than it. Thread-safe.
/// </summary>
/// <remarks>
/// A port's own revision decides between two states of it; a deleted port stays deleted. A question's answer is the whole truth, except about ports that were
/// told of since <see cref="Grace"/> before it was asked: the server's databases may lag that much behind its messages. Snapshots carry a revision of this
/// cache's own, so that the host knows the newer one of two: Neutron's RPC says none for a network.
/// </remarks>
internal sealed partial class NetworkCache(Func<Network, Network> shape, TimeProvider timeProvider)
{
    /// <summary>How much an answer may lag behind messages that came before the question.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>How long a deleted port is remembered (neutron, <c>agent/dhcp/agent.py</c>, <c>DELETED_PORT_MAX_AGE</c>).</summary>
    public static readonly TimeSpan DeletedPortAge = TimeSpan.FromDays(1);

    private const int RememberedPorts = 100_000;
    private const int RememberedNetworks = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<NetworkId, Entry> _networks = [];
    private readonly Dictionary<PortId, NetworkId> _places = [];
    private readonly AgedMap<PortId, long> _deleted = new(RememberedPorts);
    private readonly AgedMap<PortId, Told> _told = new(RememberedPorts);
    private readonly AgedMap<NetworkId, Removal> _removed = new(RememberedNetworks);
    private readonly List<Fetch> _fetches = [];
    private long _sequence;
    private long _revision;

    /// <summary>One network as it is known; <c>null</c> where it is not.</summary>
    public Network? Find(NetworkId id)
    {
        lock (_lock)
        {
            return _networks.GetValueOrDefault(id)?.Network;
        }
    }

    /// <summary>One port as it is known; <c>null</c> where it is not.</summary>
    public Port? Find(PortId id)
    {
        lock (_lock)
        {
            return FindPort_NeedsLock(id, out _);
        }
    }

    /// <summary>The network that a subnet is on.</summary>
    public NetworkId? FindNetwork(SubnetId id)
    {
        lock (_lock)
        {
            foreach (var (networkId, entry) in _networks)
            {
                if (entry.Network.Subnets.Concat(entry.Network.NonLocalSubnets).Any(subnet => subnet.Id == id))
                {
                    return networkId;
                }
            }

            return null;
        }
    }

    /// <summary>How much is known: Neutron is told with every report of the agent.</summary>
    public (int Networks, int Subnets, int Ports) Count()
    {
        lock (_lock)
        {
            return (_networks.Count, _networks.Values.Sum(entry => entry.Network.Subnets.Count + entry.Network.NonLocalSubnets.Count), _places.Count);
        }
    }

    /// <summary>Whether a network was taken from this host a moment ago, so that late news of it means nothing.</summary>
    public bool WasRemoved(NetworkId id)
    {
        lock (_lock)
        {
            return _removed.TryGet(id, out var removal) && removal.At >= timeProvider.GetTimestamp() - Ticks(Grace);
        }
    }

    /// <summary>Takes in that a network is this host's again.</summary>
    public void Expect(NetworkId id)
    {
        lock (_lock)
        {
            // What was asked before it was removed stays out of date.
            if (_removed.TryGet(id, out var removal))
            {
                _removed.Set(id, removal with { At = long.MinValue }, timeProvider.GetTimestamp());
            }
        }
    }

    /// <summary>Takes in that a network is gone.</summary>
    public void Remove(NetworkId id)
    {
        lock (_lock)
        {
            Remove_NeedsLock(id);
        }
    }

    /// <summary>Takes in that a network's administrative state is down; its snapshot, where it is known.</summary>
    public Network? Disable(NetworkId id)
    {
        lock (_lock)
        {
            if (!_networks.TryGetValue(id, out var entry))
            {
                return null;
            }

            entry.DisabledAt = ++_sequence;
            return Put_NeedsLock(entry, entry.Network with { AdminStateUp = false });
        }
    }

    /// <summary>To be called before Neutron's server is asked about networks.</summary>
    public Fetch Begin()
    {
        lock (_lock)
        {
            var fetch = new Fetch(this, ++_sequence, timeProvider.GetTimestamp());
            _fetches.Add(fetch);
            return fetch;
        }
    }

    /// <summary>A question is answered, or given up.</summary>
    public void End(Fetch fetch)
    {
        lock (_lock)
        {
            _fetches.Remove(fetch);
            Forget_NeedsLock();
        }
    }

    private Port? FindPort_NeedsLock(PortId id, out Entry? entry)
    {
        entry = null;
        if (!_places.TryGetValue(id, out var networkId) || !_networks.TryGetValue(networkId, out entry))
        {
            return null;
        }

        var index = IndexOf(entry.Network.Ports, id);
        return index >= 0 ? entry.Network.Ports[index] : null;
    }

    /// <summary>Publishes a snapshot in an entry's place: the held one where nothing differs.</summary>
    private Network Put_NeedsLock(Entry entry, Network next)
    {
        if (entry.Network is { } held && held == next with { RevisionNumber = held.RevisionNumber })
        {
            return held;
        }

        return entry.Network = next with { RevisionNumber = ++_revision };
    }

    private void Remove_NeedsLock(NetworkId id)
    {
        var now = timeProvider.GetTimestamp();
        _removed.Set(id, new(++_sequence, now), now);
        if (_networks.Remove(id, out var entry))
        {
            Unplace_NeedsLock(entry.Network);
        }

        // What became of its ports from now on is not told to this host.
        foreach (var port in _told.Items.Where(told => told.Value.NetworkId == id).Select(told => told.Key).ToList())
        {
            _told.Remove(port);
        }
    }

    private void Forget_NeedsLock()
    {
        var now = timeProvider.GetTimestamp();
        var oldest = _fetches.Count == 0 ? now : Math.Min(now, _fetches.Min(fetch => fetch.Timestamp));
        _told.Forget(oldest - Ticks(Grace));
        _deleted.Forget(now - Ticks(DeletedPortAge));
        _removed.Forget(oldest - Ticks(DeletedPortAge));
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * timeProvider.TimestampFrequency);

    /// <summary>Where a port is, or the complement of where it belongs: ports are kept in the order of their ids.</summary>
    private static int IndexOf(EquatableArray<Port> ports, PortId id)
    {
        var (low, high) = (0, ports.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = ports[middle].Id.CompareTo(id);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }

    private sealed class Entry
    {
        public Network Network { get; set; } = null!;

        /// <summary>When the question was asked whose answer it is.</summary>
        public long FetchedAt { get; set; }

        /// <summary>When its administrative state was last said to be down.</summary>
        public long DisabledAt { get; set; }
    }

    /// <summary>The newest state of a port that a message told, and when.</summary>
    private readonly record struct Told(NetworkId NetworkId, Port Port, long At);

    private readonly record struct Removal(long Sequence, long At);
}

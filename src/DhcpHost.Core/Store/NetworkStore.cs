using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Core.Store;

/// <summary>
/// The newest snapshot of every network. Readers get an immutable map and never wait. News older than what is known is dropped; of two sources that tell of
/// one id the first has it, and the second gets it when the first gives it up.
/// </summary>
public sealed class NetworkStore
{
    /// <summary>Networks that were removed and are remembered, so that late news does not bring them back.</summary>
    public const int RemovedMemory = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<NetworkId, Removal> _removed = [];
    private readonly Queue<(NetworkId Id, long Version)> _removals = new();
    private readonly Dictionary<NetworkId, NetworkSnapshot> _claims = [];
    private readonly Dictionary<NetworkId, Refresh> _refreshes = [];
    private ImmutableDictionary<NetworkId, NetworkSnapshot> _networks = ImmutableDictionary<NetworkId, NetworkSnapshot>.Empty;
    private long _version;

    /// <summary>All networks now.</summary>
    public IReadOnlyDictionary<NetworkId, NetworkSnapshot> Networks => Volatile.Read(ref _networks);

    /// <summary>One network; <c>null</c> where it is not known.</summary>
    public NetworkSnapshot? Find(NetworkId id) => Volatile.Read(ref _networks).GetValueOrDefault(id);

    /// <summary>Takes in a snapshot.</summary>
    public StoreChange Put(PluginId source, Network network)
    {
        ArgumentNullException.ThrowIfNull(network);
        lock (_lock)
        {
            if (Volatile.Read(ref _networks).TryGetValue(network.Id, out var held) && held.Source == source && SnapshotOrder.IsStale(held.Network, network))
            {
                return StoreChange.Stale;
            }

            if (held is null && _removed.TryGetValue(network.Id, out var removal) && removal.Source == source
                && network.RevisionNumber > 0 && network.RevisionNumber <= removal.Revision)
            {
                return StoreChange.Stale;
            }

            return Put_NeedsLock(source, network, held);
        }
    }

    /// <summary>Takes in that a network is gone. <see cref="StoreChange.Added"/> where another source's claim took its place.</summary>
    public StoreChange Remove(PluginId source, NetworkId id)
    {
        lock (_lock)
        {
            return Remove_NeedsLock(source, id);
        }
    }

    /// <summary>Takes in that a network changed in a way that its source has to be asked about.</summary>
    public void MarkStale(PluginId source, NetworkId id)
    {
        lock (_lock)
        {
            if (!Volatile.Read(ref _networks).TryGetValue(id, out var held) || held.Source == source)
            {
                _refreshes[id] = new(source, ++_version);
            }
        }
    }

    /// <summary>Whether a network's source has to be asked for it, and which source that is.</summary>
    /// <param name="id">The network.</param>
    /// <param name="source">The source to ask.</param>
    /// <param name="version">To be given to <see cref="Refreshed"/>, so that a change meanwhile is asked for again.</param>
    public bool NeedsRefresh(NetworkId id, [MaybeNullWhen(false)] out PluginId source, out long version)
    {
        lock (_lock)
        {
            var found = _refreshes.TryGetValue(id, out var refresh);
            (source, version) = (refresh.Source, refresh.Version);
            return found;
        }
    }

    /// <summary>Takes in the answer of a source that was asked; <c>null</c> for a network that is gone.</summary>
    public StoreChange Refreshed(PluginId source, NetworkId id, Network? network, long version)
    {
        lock (_lock)
        {
            if (_refreshes.TryGetValue(id, out var refresh) && refresh.Version == version)
            {
                _refreshes.Remove(id);
            }
        }

        return network is null ? Remove(source, id) : Put(source, network);
    }

    /// <summary>To be called before a source is asked for its list; what it tells from now on is newer than the list.</summary>
    public long BeginList()
    {
        lock (_lock)
        {
            return _version;
        }
    }

    /// <summary>Takes in a full list: what the source told earlier and the list lacks is gone.</summary>
    /// <param name="source">The source.</param>
    /// <param name="networks">The list.</param>
    /// <param name="begun">What <see cref="BeginList"/> gave.</param>
    public ListResult PutList(PluginId source, IReadOnlyList<Network> networks, long begun)
    {
        ArgumentNullException.ThrowIfNull(networks);
        var (changed, unchanged, removed, claimed) = (new List<NetworkId>(), new List<NetworkId>(), new List<NetworkId>(), new List<NetworkId>());
        lock (_lock)
        {
            var listed = new HashSet<NetworkId>(networks.Count);
            foreach (var network in networks)
            {
                listed.Add(network.Id);
                switch (PutListed_NeedsLock(source, network, begun))
                {
                    case StoreChange.Added or StoreChange.Changed:
                        changed.Add(network.Id);
                        break;
                    case StoreChange.Claimed:
                        claimed.Add(network.Id);
                        break;
                    default:
                        unchanged.Add(network.Id);
                        break;
                }
            }

            foreach (var held in Volatile.Read(ref _networks).Values.Where(
                held => held.Source == source && held.Version <= begun && !listed.Contains(held.Network.Id)).ToList())
            {
                Remove_NeedsLock(source, held.Network.Id);
                removed.Add(held.Network.Id);
            }

            foreach (var claim in _claims.Values.Where(claim => claim.Source == source && !listed.Contains(claim.Network.Id)).ToList())
            {
                _claims.Remove(claim.Network.Id);
            }
        }

        return new() { Changed = changed, Unchanged = unchanged, Removed = removed, Claimed = claimed };
    }

    private StoreChange PutListed_NeedsLock(PluginId source, Network network, long begun)
    {
        var held = Volatile.Read(ref _networks).GetValueOrDefault(network.Id);
        if (held is null)
        {
            // Removed while the list was being made: the removal is the newer news.
            return _removed.TryGetValue(network.Id, out var removal) && removal.Source == source && removal.Version > begun
                ? StoreChange.Stale
                : Put_NeedsLock(source, network, held);
        }

        var isOlder = held.Source == source
            && (SnapshotOrder.IsStale(held.Network, network)
                || (held.Version > begun && (network.RevisionNumber == 0 || network.RevisionNumber == held.Network.RevisionNumber)));
        return isOlder ? StoreChange.Stale : Put_NeedsLock(source, network, held);
    }

    private StoreChange Put_NeedsLock(PluginId source, Network network, NetworkSnapshot? held)
    {
        if (held is not null && held.Source != source)
        {
            _claims.TryAdd(network.Id, new(network, source, 0));
            if (_claims[network.Id].Source == source)
            {
                _claims[network.Id] = new(network, source, 0);
            }

            return StoreChange.Claimed;
        }

        if (held is not null && held.Network == network)
        {
            return StoreChange.Unchanged;
        }

        _removed.Remove(network.Id);
        Volatile.Write(ref _networks, _networks.SetItem(network.Id, new(network, source, ++_version)));
        return held is null ? StoreChange.Added : StoreChange.Changed;
    }

    private StoreChange Remove_NeedsLock(PluginId source, NetworkId id)
    {
        if (_claims.TryGetValue(id, out var claim) && claim.Source == source)
        {
            _claims.Remove(id);
        }

        if (_refreshes.TryGetValue(id, out var refresh) && refresh.Source == source)
        {
            _refreshes.Remove(id);
        }

        if (!_networks.TryGetValue(id, out var held))
        {
            return StoreChange.Unchanged;
        }

        if (held.Source != source)
        {
            return StoreChange.Claimed;
        }

        if (_claims.Remove(id, out claim))
        {
            Volatile.Write(ref _networks, _networks.SetItem(id, claim with { Version = ++_version }));
            return StoreChange.Added;
        }

        Volatile.Write(ref _networks, _networks.Remove(id));
        Remember_NeedsLock(id, new(source, held.Network.RevisionNumber, ++_version));
        return StoreChange.Removed;
    }

    private void Remember_NeedsLock(NetworkId id, Removal removal)
    {
        _removed[id] = removal;
        _removals.Enqueue((id, removal.Version));
        while (_removals.Count > RemovedMemory)
        {
            var (oldest, version) = _removals.Dequeue();
            if (_removed.TryGetValue(oldest, out var held) && held.Version == version)
            {
                _removed.Remove(oldest);
            }
        }
    }

    private readonly record struct Removal(PluginId Source, long Revision, long Version);

    private readonly record struct Refresh(PluginId Source, long Version);
}

using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Neutron.Caching;

internal sealed partial class NetworkCache
{
    /// <summary>Takes in the answer about one network.</summary>
    /// <param name="fetch">The question.</param>
    /// <param name="id">The network.</param>
    /// <param name="network">The answer; <c>null</c> where there is none.</param>
    /// <returns>The network, with what was told meanwhile; <c>null</c> where it is gone.</returns>
    public Network? Put(Fetch fetch, NetworkId id, Network? network)
    {
        lock (_lock)
        {
            if (network is not null)
            {
                return Merge_NeedsLock(fetch, network, _told.Items.Where(told => told.Value.NetworkId == id).Select(told => told.Value));
            }

            if (_networks.TryGetValue(id, out var entry) && entry.FetchedAt > fetch.Sequence)
            {
                return entry.Network;
            }

            Remove_NeedsLock(id);
            return null;
        }
    }

    /// <summary>Takes in the answer about all networks.</summary>
    /// <param name="fetch">The question.</param>
    /// <param name="networks">The answer.</param>
    /// <param name="unread">Networks that are in the answer and could not be read: they stay as they were.</param>
    /// <returns>All networks, with what was told meanwhile.</returns>
    public IReadOnlyList<Network> Put(Fetch fetch, IEnumerable<Network> networks, IReadOnlySet<NetworkId> unread)
    {
        lock (_lock)
        {
            var told = _told.Items.Select(item => item.Value).ToLookup(item => item.NetworkId);
            var listed = new HashSet<NetworkId>(unread);
            foreach (var network in networks)
            {
                listed.Add(network.Id);
                Merge_NeedsLock(fetch, network, told[network.Id]);
            }

            foreach (var id in _networks.Where(held => held.Value.FetchedAt <= fetch.Sequence && !listed.Contains(held.Key)).Select(held => held.Key).ToList())
            {
                Remove_NeedsLock(id);
            }

            return [.. _networks.Values.Select(entry => entry.Network)];
        }
    }

    private Network? Merge_NeedsLock(Fetch fetch, Network fetched, IEnumerable<Told> told)
    {
        if (_removed.TryGet(fetched.Id, out var removal) && removal.Sequence > fetch.Sequence)
        {
            return null;
        }

        if (!_networks.TryGetValue(fetched.Id, out var entry))
        {
            _networks.Add(fetched.Id, entry = new());
        }
        else if (entry.FetchedAt > fetch.Sequence)
        {
            return entry.Network;
        }

        var held = entry.Network;
        entry.FetchedAt = fetch.Sequence;
        var next = shape(fetched) with
        {
            AdminStateUp = fetched.AdminStateUp && entry.DisabledAt <= fetch.Sequence,
            Ports = MergePorts_NeedsLock(fetch, fetched, held, told),
        };
        var network = Put_NeedsLock(entry, next);
        if (!ReferenceEquals(network, held))
        {
            Place_NeedsLock(held, network);
        }

        return network;
    }

    private EquatableArray<Port> MergePorts_NeedsLock(Fetch fetch, Network fetched, Network? held, IEnumerable<Told> told)
    {
        var since = fetch.Timestamp - Ticks(Grace);
        var ports = new Dictionary<PortId, Port>(fetched.Ports.Count);
        foreach (var port in fetched.Ports)
        {
            if (_deleted.TryGet(port.Id, out var deletedAt))
            {
                if (deletedAt >= since)
                {
                    continue;
                }

                // The server knows it long after it was said to be gone: it is not.
                _deleted.Remove(port.Id);
            }

            // A port that did not change stays the same object: that makes comparing snapshots cheap, and forgets the copy.
            var index = held is null ? -1 : IndexOf(held.Ports, port.Id);
            ports[port.Id] = index >= 0 && held!.Ports[index] is var same && same == port ? same : port;
        }

        foreach (var news in told)
        {
            if (news.At >= since && (!ports.TryGetValue(news.Port.Id, out var port) || port.RevisionNumber < news.Port.RevisionNumber))
            {
                ports[news.Port.Id] = news.Port;
            }
        }

        var sorted = ports.Values.ToArray();
        Array.Sort(sorted, static (one, other) => one.Id.CompareTo(other.Id));
        return Wrap(sorted);
    }

    private void Place_NeedsLock(Network? before, Network network)
    {
        Unplace_NeedsLock(before);
        foreach (var port in network.Ports)
        {
            _places[port.Id] = network.Id;
        }
    }

    private void Unplace_NeedsLock(Network? network)
    {
        foreach (var port in network?.Ports ?? [])
        {
            if (_places.TryGetValue(port.Id, out var place) && place == network!.Id)
            {
                _places.Remove(port.Id);
            }
        }
    }
}

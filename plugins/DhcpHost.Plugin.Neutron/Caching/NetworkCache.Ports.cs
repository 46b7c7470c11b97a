using System.Runtime.InteropServices;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Neutron.Caching;

internal sealed partial class NetworkCache
{
    /// <summary>Takes in a port as a message or an answer tells it.</summary>
    /// <param name="networkId">Its network.</param>
    /// <param name="port">The port.</param>
    /// <param name="isNew">Whether it was made just now: then its MAC address cannot have changed.</param>
    public PortChange Put(NetworkId networkId, Port port, bool isNew)
    {
        lock (_lock)
        {
            var held = FindPort_NeedsLock(port.Id, out var place);
            if (_deleted.TryGet(port.Id, out _))
            {
                return new(PortOutcome.Stale);
            }

            if (held is not null && held.RevisionNumber > port.RevisionNumber)
            {
                return new(PortOutcome.Stale, place!.Network);
            }

            if (_told.TryGet(port.Id, out var told) && told.Port.RevisionNumber > port.RevisionNumber)
            {
                return new(PortOutcome.Stale);
            }

            var now = timeProvider.GetTimestamp();
            _told.Set(port.Id, new(networkId, port, now), now);
            Forget_NeedsLock();
            ++_sequence;
            var left = held is not null && place!.Network.Id != networkId ? Without_NeedsLock(place, port.Id) : null;
            if (!_networks.TryGetValue(networkId, out var entry))
            {
                return new(PortOutcome.UnknownNetwork, Left: left);
            }

            held = left is null ? held : null;
            return IsDuplicate(entry.Network, held, port, isNew)
                ? new(PortOutcome.Duplicate, Left: left)
                : With_NeedsLock(entry, port) ? new(PortOutcome.Changed, entry.Network, left) : new(PortOutcome.Unchanged, entry.Network, left);
        }
    }

    /// <summary>Takes in that a port is gone; its network as it is now, where it was known.</summary>
    public Network? Remove(PortId id)
    {
        lock (_lock)
        {
            var now = timeProvider.GetTimestamp();
            _deleted.Set(id, now, now);
            _told.Remove(id);
            Forget_NeedsLock();
            ++_sequence;
            return FindPort_NeedsLock(id, out var entry) is null ? null : Without_NeedsLock(entry!, id);
        }
    }

    private bool With_NeedsLock(Entry entry, Port port)
    {
        var ports = entry.Network.Ports;
        var index = IndexOf(ports, port.Id);
        if (index >= 0 && ports[index] == port)
        {
            return false;
        }

        _places[port.Id] = entry.Network.Id;
        var next = new Port[ports.Count + (index < 0 ? 1 : 0)];
        var at = index < 0 ? ~index : index;
        ports.Span[..at].CopyTo(next);
        next[at] = port;
        ports.Span[(index < 0 ? at : at + 1)..].CopyTo(next.AsSpan(at + 1));
        entry.Network = entry.Network with { Ports = Wrap(next), RevisionNumber = ++_revision };
        return true;
    }

    private Network Without_NeedsLock(Entry entry, PortId id)
    {
        _places.Remove(id);
        var ports = entry.Network.Ports;
        var at = IndexOf(ports, id);
        var next = new Port[ports.Count - 1];
        ports.Span[..at].CopyTo(next);
        ports.Span[(at + 1)..].CopyTo(next.AsSpan(at));
        return entry.Network = entry.Network with { Ports = Wrap(next), RevisionNumber = ++_revision };
    }

    /// <summary>
    /// Whether something was missed: in Neutron two ports never have one address, and a port that was made just now has its first MAC address.
    /// </summary>
    private static bool IsDuplicate(Network network, Port? held, Port port, bool isNew)
    {
        if (held is not null && held.FixedIps == port.FixedIps && (!isNew || held.MacAddress == port.MacAddress))
        {
            return false;
        }

        foreach (var other in network.Ports)
        {
            if ((other.Id != port.Id || (isNew && other.MacAddress != port.MacAddress)) && PortRules.ShareAddress(port, other))
            {
                return true;
            }
        }

        return false;
    }

    private static EquatableArray<Port> Wrap(Port[] ports) => new(ImmutableCollectionsMarshal.AsImmutableArray(ports));
}

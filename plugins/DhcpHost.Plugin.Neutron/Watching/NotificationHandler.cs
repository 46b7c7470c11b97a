using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Neutron.Notifications;
using DhcpHost.Plugin.Neutron.Caching;

namespace DhcpHost.Plugin.Neutron.Watching;

/// <summary>
/// Makes events of what Neutron tells. A port's news costs no question; everything else makes the host ask for the one network that it is about.
/// </summary>
internal sealed class NotificationHandler(NetworkCache cache)
{
    /// <summary>The priority of a port that somebody waits for, told to several agents.</summary>
    public const int AwaitedPriority = 10;

    /// <summary>That of a port that this agent was chosen to be told of first.</summary>
    public const int FirstPriority = 20;

    /// <summary>Takes a notification in.</summary>
    /// <returns>What follows from it, in order.</returns>
    public IReadOnlyList<SourceEvent> Handle(Notification notification)
    {
        switch (notification)
        {
            case Notification.NetworkChanged changed:
                return NetworkChanged(changed);
            case Notification.SubnetRemoved { SubnetId: var subnetId }:
                return cache.FindNetwork(subnetId) is { } found ? [Ask(found)] : [];
            case Notification.NetworkDisabled { NetworkId: var disabled }:
                return cache.Disable(disabled) is { } down ? [new SourceEvent.NetworkChanged { NetworkId = disabled, Snapshot = down }] : [];
            case Notification.NetworkRemoved { NetworkId: var removed }:
                cache.Remove(removed);
                return [new SourceEvent.NetworkRemoved(removed)];
            case Notification.PortChanged changed:
                return PortChanged(changed);
            case Notification.PortRemoved { PortId: var portId }:
                return cache.Remove(portId) is { } without ? [new SourceEvent.NetworkChanged { NetworkId = without.Id, Snapshot = without }] : [];
            case Notification.AgentUpdated updated:
                return [new SourceEvent.ResyncNeeded(updated.AdminStateUp == false ? "an operator disabled this agent" : "an operator changed this agent")];
            default:
                return [];
        }
    }

    private IReadOnlyList<SourceEvent> NetworkChanged(Notification.NetworkChanged changed)
    {
        if (changed.IsGiven)
        {
            cache.Expect(changed.NetworkId);
        }
        else if (cache.Find(changed.NetworkId) is null)
        {
            return [];
        }

        return [Ask(changed.NetworkId)];
    }

    private List<SourceEvent> PortChanged(Notification.PortChanged changed)
    {
        var (id, port) = (changed.NetworkId, changed.Port);
        var change = cache.Put(id, port, changed.IsNew);
        var events = new List<SourceEvent>(2);
        if (change.Left is { } left)
        {
            events.Add(new SourceEvent.NetworkChanged { NetworkId = left.Id, Snapshot = left });
        }

        var isAwaited = PortRules.RequiresDhcp(port);
        switch (change.Outcome)
        {
            case PortOutcome.Changed when !PortRules.IsUnseen(port):
                events.Add(Tell(id, change.Network, isAwaited));
                break;
            case PortOutcome.Unchanged when isAwaited:
                events.Add(Tell(id, change.Network, isAwaited));
                break;
            case PortOutcome.Stale when isAwaited && changed.IsNew && change.Network is { } current:
                // An answer that knew more overtook the message; somebody waits for the port all the same.
                events.Add(Tell(current.Id, current, isAwaited));
                break;
            case PortOutcome.Duplicate:
                events.Add(Tell(id, snapshot: null, isAwaited));
                break;
            case PortOutcome.UnknownNetwork when !cache.WasRemoved(id):
                // The server tells only the agents that serve a network: news of it were missed, or are late.
                events.Add(Tell(id, snapshot: null, isAwaited));
                break;
        }

        return events;

        SourceEvent.NetworkChanged Tell(NetworkId networkId, Network? snapshot, bool isWaitedFor) => new()
        {
            NetworkId = networkId,
            Snapshot = snapshot,
            Priority = !isWaitedFor ? 0 : changed.IsFirst ? FirstPriority : AwaitedPriority,
            AwaitedPorts = isWaitedFor ? [port.Id] : [],
        };
    }

    private static SourceEvent.NetworkChanged Ask(NetworkId id) => new() { NetworkId = id };
}

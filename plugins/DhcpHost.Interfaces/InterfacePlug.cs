using System.Threading.Channels;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Netlink;

namespace DhcpHost.Interfaces;

/// <summary>What interface drivers differ in: how a network's link is made, and how it is joined to the network's layer 2.</summary>
public abstract class InterfacePlug
{
    /// <summary>Whether something that happens to a bridge is a reason to look at its interfaces; right where a bridge is one network's.</summary>
    public virtual bool FollowsBridges => false;

    /// <summary>The names, the bridge and the rest of what a plan wishes for.</summary>
    /// <exception cref="Abstractions.Failures.DhcpHostException">The plan cannot be fulfilled.</exception>
    public abstract DesiredInterface Desire(InterfacePlan plan);

    /// <summary>Adds what there is beyond links, if anything.</summary>
    public virtual Task<ObservedInterface> ObserveAsync(DesiredInterface desired, ObservedInterface links, CancellationToken cancellationToken) =>
        Task.FromResult(links);

    /// <summary>Throws where what an operator has to provide is missing; nothing has been made yet, then.</summary>
    public virtual void Check(DesiredInterface desired, ObservedInterface observed)
    {
    }

    /// <summary>Whether the link is there, inside, and the right one. If not, it is made anew, and its addresses and routes with it.</summary>
    public abstract bool IsWhole(ObservedInterface observed);

    /// <summary>Whether something is there that an earlier interface left.</summary>
    public virtual bool HasRemains(ObservedInterface observed) => observed.HostLink is not null || observed.Link is not null;

    /// <summary>What is missing up to a link inside with its MAC address, MTU and place in layer 2; addresses and routes are not asked for.</summary>
    public abstract IEnumerable<InterfaceChange> Compare(DesiredInterface desired, ObservedInterface observed);

    /// <summary>Takes away a link inside that an earlier port of the network left.</summary>
    public virtual InterfaceChange RemoveStale(string device) => new InterfaceChange.DeleteLink(device, "present, of no port");

    /// <summary>Takes the link away, and its place in layer 2. Idempotent.</summary>
    /// <param name="desired">The interface.</param>
    /// <param name="root">The host's namespace.</param>
    /// <param name="inside">The network's; <c>null</c> where it is gone.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public abstract Task UnplugAsync(DesiredInterface desired, RouteNetlink root, RouteNetlink? inside, CancellationToken cancellationToken);

    /// <summary>What is wrong with an interface, as far as the host's namespace shows it; <c>null</c> for nothing.</summary>
    public abstract string? FindFault(DesiredInterface desired, RouteNetlink root);

    /// <summary>Whether an interface is as it should be but for a bridge that is not there yet: its coming is no harm that somebody did.</summary>
    public virtual bool IsAwaitingBridge(DesiredInterface desired, RouteNetlink root) => false;

    /// <summary>Whether it can do its work now. Bounded in time.</summary>
    public abstract Task<DriverHealth> CheckHealthAsync(CancellationToken cancellationToken);

    /// <summary>Tells changes of its health, and drift that links do not show, until it is cancelled; ends at once if there is nothing to watch.</summary>
    public virtual Task WatchAsync(IInterfaceIndex interfaces, ChannelWriter<DriverEvent> events, CancellationToken cancellationToken) => Task.CompletedTask;
}

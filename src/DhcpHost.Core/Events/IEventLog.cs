using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;

namespace DhcpHost.Core.Events;

/// <summary>The host's history. Thread-safe; recording never blocks and never throws.</summary>
public interface IEventLog
{
    /// <summary>Adds an event: it is logged, kept, and given to followers. <see cref="HostEvent.Sequence"/> is set here.</summary>
    void Record(HostEvent hostEvent);

    /// <summary>The newest events, newest first.</summary>
    /// <param name="networkId">Only those of one network.</param>
    /// <param name="count">At most so many: 1 to 10000.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    Task<IReadOnlyList<HostEvent>> ListAsync(NetworkId? networkId, int count, CancellationToken cancellationToken);

    /// <summary>
    /// Events from now on. A follower that does not keep up loses the oldest and is told how many by an event of kind
    /// <c>events.dropped</c>.
    /// </summary>
    IAsyncEnumerable<HostEvent> FollowAsync(CancellationToken cancellationToken);
}

using System.Collections.Concurrent;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Events;

namespace DhcpHost.Scheduling.Tests.Fakes;

internal sealed class FakeEventLog : IEventLog
{
    public ConcurrentQueue<HostEvent> Events { get; } = new();

    public void Record(HostEvent hostEvent) => Events.Enqueue(hostEvent);

    public Task<IReadOnlyList<HostEvent>> ListAsync(NetworkId? networkId, int count, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<HostEvent>>([.. Events.Reverse().Take(count)]);

    public IAsyncEnumerable<HostEvent> FollowAsync(CancellationToken cancellationToken) => AsyncEnumerable.Empty<HostEvent>();
}

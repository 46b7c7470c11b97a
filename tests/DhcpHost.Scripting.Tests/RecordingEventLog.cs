using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Events;

namespace DhcpHost.Scripting.Tests;

/// <summary>Keeps what is recorded.</summary>
internal sealed class RecordingEventLog : IEventLog
{
    private readonly ConcurrentQueue<HostEvent> _events = new();

    public IReadOnlyList<HostEvent> Events => [.. _events];

    public IReadOnlyList<HostEvent> Of(string kind) => [.. _events.Where(item => item.Kind == kind)];

    public void Record(HostEvent hostEvent) => _events.Enqueue(hostEvent);

    public Task<IReadOnlyList<HostEvent>> ListAsync(NetworkId? networkId, int count, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<HostEvent>>([.. _events.Reverse().Take(count)]);

    public async IAsyncEnumerable<HostEvent> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield break;
    }
}

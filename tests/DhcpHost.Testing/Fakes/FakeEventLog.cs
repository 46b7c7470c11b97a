using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Events;

namespace DhcpHost.Testing.Fakes;

/// <summary>A history in memory.</summary>
public sealed class FakeEventLog : IEventLog
{
    private readonly ConcurrentDictionary<Channel<HostEvent>, bool> _followers = new();
    private readonly List<HostEvent> _events = [];

    /// <summary>How many follow.</summary>
    public int Followers => _followers.Count;

    /// <inheritdoc/>
    public void Record(HostEvent hostEvent)
    {
        lock (_events)
        {
            _events.Add(hostEvent with { Sequence = _events.Count + 1 });
            foreach (var follower in _followers.Keys)
            {
                _ = follower.Writer.TryWrite(_events[^1]);
            }
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<HostEvent>> ListAsync(NetworkId? networkId, int count, CancellationToken cancellationToken)
    {
        lock (_events)
        {
            return Task.FromResult<IReadOnlyList<HostEvent>>([.. _events.Where(e => networkId is null || e.NetworkId == networkId).Reverse().Take(count)]);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<HostEvent> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<HostEvent>(1000);
        _ = _followers.TryAdd(channel, true);
        try
        {
            await foreach (var item in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return item;
            }
        }
        finally
        {
            _ = _followers.TryRemove(channel, out _);
        }
    }
}

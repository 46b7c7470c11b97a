using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;

namespace DhcpHost.Core.Engine;

/// <summary>The networks that the engine works on, and who follows their status. Thread-safe.</summary>
internal sealed class NetworkTable
{
    private readonly ConcurrentDictionary<NetworkId, NetworkRuntime> _networks = new();
    private ImmutableArray<Follower> _followers = [];

    /// <summary>All, also those that no source told of yet.</summary>
    public ICollection<NetworkRuntime> Networks => _networks.Values;

    public NetworkRuntime GetOrAdd(NetworkId id) => _networks.GetOrAdd(id, static id => new(id));

    public NetworkRuntime? Find(NetworkId id) => _networks.GetValueOrDefault(id);

    public void Remove(NetworkId id) => _networks.TryRemove(id, out _);

    public void Publish(NetworkRuntime runtime, NetworkStatus status)
    {
        runtime.Status = status;
        foreach (var follower in _followers)
        {
            follower.Put(status);
        }
    }

    public async IAsyncEnumerable<NetworkStatus> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var follower = new Follower();
        ImmutableInterlocked.Update(ref _followers, static (all, one) => all.Add(one), follower);
        try
        {
            while (true)
            {
                await follower.Signal.Reader.ReadAsync(cancellationToken);
                foreach (var status in follower.Take())
                {
                    yield return status;
                }
            }
        }
        finally
        {
            ImmutableInterlocked.Update(ref _followers, static (all, one) => all.Remove(one), follower);
        }
    }

    /// <summary>
    /// Holds the newest status of each network that its reader has not seen: as many as there are networks, whatever the reader does.
    /// </summary>
    private sealed class Follower
    {
        private readonly Lock _lock = new();
        private Dictionary<NetworkId, NetworkStatus> _pending = [];

        public Channel<bool> Signal { get; } = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        public void Put(NetworkStatus status)
        {
            lock (_lock)
            {
                _pending[status.Id] = status;
            }

            Signal.Writer.TryWrite(true);
        }

        public Dictionary<NetworkId, NetworkStatus>.ValueCollection Take()
        {
            lock (_lock)
            {
                (var taken, _pending) = (_pending, []);
                return taken.Values;
            }
        }
    }
}

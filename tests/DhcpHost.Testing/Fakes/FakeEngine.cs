using System.Collections.Concurrent;
using System.Threading.Channels;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Engine;

namespace DhcpHost.Testing.Fakes;

/// <summary>An engine that says what it is told to say, and remembers what it was asked.</summary>
public sealed class FakeEngine : IEngine
{
    private readonly ConcurrentDictionary<Channel<NetworkStatus>, bool> _watchers = new();

    /// <inheritdoc/>
    public EngineStatus Status { get; set; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<NetworkStatus> Networks { get; set; } = [];

    /// <summary>The networks as sources tell.</summary>
    public Dictionary<NetworkId, Network> Sources { get; } = [];

    /// <summary>The leases by network; a network without any is gone.</summary>
    public ConcurrentDictionary<NetworkId, List<Lease>> Leases { get; } = new();

    /// <summary>Runs before leases are listed: throws, or waits.</summary>
    public Func<CancellationToken, Task> BeforeLeases { get; set; } = _ => Task.CompletedTask;

    /// <summary>What plans tell.</summary>
    public List<NetworkPreview> Previews { get; } = [];

    /// <summary>What answers requests for everything.</summary>
    public EngineAnswer Answer { get; set; } = new(true, "3 networks are queued", 3);

    /// <summary>Networks that were put in the queue.</summary>
    public ConcurrentQueue<NetworkId> Resynced { get; } = new();

    /// <summary>Reasons of full resyncs.</summary>
    public ConcurrentQueue<string> Reasons { get; } = new();

    /// <summary>How many follow.</summary>
    public int Watchers => _watchers.Count;

    /// <inheritdoc/>
    public NetworkStatus? FindStatus(NetworkId id) => Networks.FirstOrDefault(network => network.Id == id);

    /// <inheritdoc/>
    public Network? FindNetwork(NetworkId id) => Sources.GetValueOrDefault(id);

    /// <summary>Tells all that follow.</summary>
    public void Publish(NetworkStatus status)
    {
        foreach (var watcher in _watchers.Keys)
        {
            _ = watcher.Writer.TryWrite(status);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<NetworkStatus> WatchAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<NetworkStatus>(1000);
        _ = _watchers.TryAdd(channel, true);
        try
        {
            await foreach (var status in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return status;
            }
        }
        finally
        {
            _ = _watchers.TryRemove(channel, out _);
        }
    }

    /// <inheritdoc/>
    public bool Resync(NetworkId id)
    {
        Resynced.Enqueue(id);
        return FindStatus(id) is not null;
    }

    /// <inheritdoc/>
    public Task<EngineAnswer> ResyncAllAsync(string reason, CancellationToken cancellationToken)
    {
        Reasons.Enqueue(reason);
        return Task.FromResult(Answer);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Lease>> ListLeasesAsync(NetworkId id, CancellationToken cancellationToken)
    {
        await BeforeLeases(cancellationToken);
        return Leases.TryGetValue(id, out var leases) ? [.. leases] : throw new DhcpHostException(FailureKind.Gone, $"nothing runs for network {id}");
    }

    /// <inheritdoc/>
    public Task<bool> ReleaseLeaseAsync(NetworkId id, Lease lease, CancellationToken cancellationToken) => Task.FromResult(Leases[id].Remove(lease));

    /// <inheritdoc/>
    public async IAsyncEnumerable<NetworkPreview> PlanAsync(
        NetworkId? id, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var preview in Previews.Where(preview => id is null || preview.Id == id))
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            yield return preview;
        }
    }

    /// <inheritdoc/>
    public Task<EngineAnswer> AuditDriftAsync(CancellationToken cancellationToken) => Task.FromResult(Answer);

    /// <inheritdoc/>
    public Task<EngineAnswer> SweepOrphansAsync(bool dryRun, CancellationToken cancellationToken) => Task.FromResult(Answer);

    /// <inheritdoc/>
    public Task<EngineAnswer> SnapshotLeasesAsync(CancellationToken cancellationToken) => Task.FromResult(Answer);

    /// <inheritdoc/>
    public EngineAnswer ProbeQuarantine() => Answer;

    /// <inheritdoc/>
    public EngineAnswer ResizePool() => Answer;
}

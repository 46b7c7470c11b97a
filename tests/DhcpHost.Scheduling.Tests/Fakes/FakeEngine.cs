using System.Collections.Concurrent;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Engine;

namespace DhcpHost.Scheduling.Tests.Fakes;

/// <summary>An engine that counts what jobs ask of it, and answers as a test says.</summary>
internal sealed class FakeEngine : IEngine
{
    public ConcurrentQueue<string> Calls { get; } = new();

    public Func<CancellationToken, Task<EngineAnswer>> OnAudit { get; set; } = _ => Task.FromResult(new EngineAnswer(IsDone: true, "all as planned"));

    public EngineStatus Status => new();

    public IReadOnlyList<NetworkStatus> Networks => [];

    public NetworkStatus? FindStatus(NetworkId id) => null;

    public Network? FindNetwork(NetworkId id) => null;

    public IAsyncEnumerable<NetworkStatus> WatchAsync(CancellationToken cancellationToken) => AsyncEnumerable.Empty<NetworkStatus>();

    public bool Resync(NetworkId id)
    {
        Calls.Enqueue($"resync {id}");
        return true;
    }

    public Task<EngineAnswer> ResyncAllAsync(string reason, CancellationToken cancellationToken) => Answer("full-resync");

    public Task<IReadOnlyList<Lease>> ListLeasesAsync(NetworkId id, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Lease>>([]);

    public Task<bool> ReleaseLeaseAsync(NetworkId id, Lease lease, CancellationToken cancellationToken) => Task.FromResult(false);

    public IAsyncEnumerable<NetworkPreview> PlanAsync(NetworkId? id, CancellationToken cancellationToken) => AsyncEnumerable.Empty<NetworkPreview>();

    public Task<EngineAnswer> AuditDriftAsync(CancellationToken cancellationToken)
    {
        Calls.Enqueue("drift-audit");
        return OnAudit(cancellationToken);
    }

    public Task<EngineAnswer> SweepOrphansAsync(bool dryRun, CancellationToken cancellationToken) => Answer("orphan-sweep");

    public Task<EngineAnswer> SnapshotLeasesAsync(CancellationToken cancellationToken) => Answer("lease-snapshot");

    public EngineAnswer ProbeQuarantine()
    {
        Calls.Enqueue("quarantine-probe");
        return new(IsDone: true, "none");
    }

    public EngineAnswer ResizePool()
    {
        Calls.Enqueue("pool-sizing");
        return new(IsDone: true, "4 workers");
    }

    private Task<EngineAnswer> Answer(string call)
    {
        Calls.Enqueue(call);
        return Task.FromResult(new EngineAnswer(IsDone: true, $"{call} done"));
    }
}

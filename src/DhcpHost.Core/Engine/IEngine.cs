using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;

namespace DhcpHost.Core.Engine;

/// <summary>The engine, as operators, jobs and the management API see it. Thread-safe.</summary>
public interface IEngine
{
    /// <summary>The whole in numbers.</summary>
    EngineStatus Status { get; }

    /// <summary>All networks and how they are, by id.</summary>
    IReadOnlyList<NetworkStatus> Networks { get; }

    /// <summary>How one is; <c>null</c> where there is none.</summary>
    NetworkStatus? FindStatus(NetworkId id);

    /// <summary>One as its source told; <c>null</c> where there is none.</summary>
    Network? FindNetwork(NetworkId id);

    /// <summary>Changes of status, from now on. A follower that does not keep up gets the newest of each network.</summary>
    IAsyncEnumerable<NetworkStatus> WatchAsync(CancellationToken cancellationToken);

    /// <summary>Puts one network first in the queue, free of retry and quarantine. False where there is none.</summary>
    bool Resync(NetworkId id);

    /// <summary>Reads all sources anew and reconciles all networks, behind live changes; refused beyond <c>limits.resyncs_per_minute</c>.</summary>
    Task<EngineAnswer> ResyncAllAsync(string reason, CancellationToken cancellationToken);

    /// <summary>The leases of a network.</summary>
    /// <exception cref="Abstractions.Failures.DhcpHostException">
    /// <see cref="Abstractions.Failures.FailureKind.Gone"/> where there is no such network or nothing runs for it.
    /// </exception>
    Task<IReadOnlyList<Lease>> ListLeasesAsync(NetworkId id, CancellationToken cancellationToken);

    /// <summary>Ends a lease; false where there is none.</summary>
    /// <exception cref="Abstractions.Failures.DhcpHostException">As <see cref="ListLeasesAsync"/>; or the driver cannot.</exception>
    Task<bool> ReleaseLeaseAsync(NetworkId id, Lease lease, CancellationToken cancellationToken);

    /// <summary>What a reconcile of every network (or of one) would do; touches nothing. Works on an engine that is not started.</summary>
    IAsyncEnumerable<NetworkPreview> PlanAsync(NetworkId? id, CancellationToken cancellationToken);

    /// <summary>Looks at everything that runs; what differs from its plan goes into the queue.</summary>
    Task<EngineAnswer> AuditDriftAsync(CancellationToken cancellationToken);

    /// <summary>Removes what is provably ours and belongs to no network.</summary>
    /// <param name="dryRun">Only tells.</param>
    /// <param name="cancellationToken">Ends the sweep.</param>
    Task<EngineAnswer> SweepOrphansAsync(bool dryRun, CancellationToken cancellationToken);

    /// <summary>Stores the leases of all networks, so that a change of driver or a lost lease file loses none.</summary>
    Task<EngineAnswer> SnapshotLeasesAsync(CancellationToken cancellationToken);

    /// <summary>Gives quarantined networks one more attempt.</summary>
    EngineAnswer ProbeQuarantine();

    /// <summary>Asks the policy for the size of the pool, and sets it.</summary>
    EngineAnswer ResizePool();
}

using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;

namespace DhcpHost.Abstractions.Jobs;

/// <summary>What a job script may ask of the host.</summary>
public interface IJobHost
{
    /// <summary>The time now.</summary>
    DateTimeOffset Now { get; }

    /// <summary>
    /// The host's <c>host.state_directory</c>, as an absolute path: for what a job leaves for others or for its next run, in a folder or file
    /// with a name of the job's own.
    /// </summary>
    string StateDirectory { get; }

    /// <summary>All networks and how they are.</summary>
    IReadOnlyList<NetworkStatus> Networks { get; }

    /// <summary>The network as its source tells; <c>null</c> where there is none.</summary>
    Network? FindNetwork(NetworkId networkId);

    /// <summary>The leases of a network.</summary>
    Task<IReadOnlyList<Lease>> ListLeasesAsync(NetworkId networkId, CancellationToken cancellationToken);

    /// <summary>Ends a lease; false where there is none.</summary>
    Task<bool> ReleaseLeaseAsync(NetworkId networkId, Lease lease, CancellationToken cancellationToken);

    /// <summary>Puts a network in the queue, freeing it from quarantine.</summary>
    void Resync(NetworkId networkId);

    /// <summary>The newest events, newest first.</summary>
    Task<IReadOnlyList<HostEvent>> ListEventsAsync(int count, CancellationToken cancellationToken);

    /// <summary>Writes an event into the history; its kind becomes <c>job.</c> and the given word.</summary>
    void Record(string kind, string message, EventSeverity severity = EventSeverity.Info);
}

using System.Collections.Concurrent;
using DhcpHost.Abstractions.Jobs;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;

namespace DhcpHost.Scripting.Tests;

/// <summary>A host with what a test gives it.</summary>
internal sealed class RecordingJobHost : IJobHost
{
    public ConcurrentQueue<(string Kind, string Message, EventSeverity Severity)> Records { get; } = new();

    public DateTimeOffset Now { get; init; } = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public string StateDirectory { get; init; } = Path.GetTempPath();

    public IReadOnlyList<NetworkStatus> Networks { get; init; } = [];

    public IReadOnlyList<Lease> Leases { get; init; } = [];

    public Network? FindNetwork(NetworkId networkId) => null;

    public Task<IReadOnlyList<Lease>> ListLeasesAsync(NetworkId networkId, CancellationToken cancellationToken) => Task.FromResult(Leases);

    public Task<bool> ReleaseLeaseAsync(NetworkId networkId, Lease lease, CancellationToken cancellationToken) => Task.FromResult(true);

    public void Resync(NetworkId networkId) => Records.Enqueue(("resync", networkId.Value, EventSeverity.Info));

    public Task<IReadOnlyList<HostEvent>> ListEventsAsync(int count, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<HostEvent>>([]);

    public void Record(string kind, string message, EventSeverity severity = EventSeverity.Info) => Records.Enqueue((kind, message, severity));
}

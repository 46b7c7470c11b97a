using DhcpHost.Abstractions.Jobs;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Engine;
using DhcpHost.Core.Events;

namespace DhcpHost.Scheduling.Running;

/// <summary>The host as a job script sees it.</summary>
/// <param name="engine">The engine.</param>
/// <param name="events">The history.</param>
/// <param name="time">Time.</param>
/// <param name="stateDirectory">The host's state directory.</param>
internal sealed class ScriptJobHost(IEngine engine, IEventLog events, TimeProvider time, string stateDirectory) : IJobHost
{
    private const int LongestMessage = 4096;
    private const int LongestKind = 64;
    private const int MostEvents = 10_000;

    public DateTimeOffset Now => time.GetUtcNow();

    public string StateDirectory => stateDirectory;

    public IReadOnlyList<NetworkStatus> Networks => engine.Networks;

    public Network? FindNetwork(NetworkId networkId) => engine.FindNetwork(networkId);

    public Task<IReadOnlyList<Lease>> ListLeasesAsync(NetworkId networkId, CancellationToken cancellationToken) =>
        engine.ListLeasesAsync(networkId, cancellationToken);

    public Task<bool> ReleaseLeaseAsync(NetworkId networkId, Lease lease, CancellationToken cancellationToken) =>
        engine.ReleaseLeaseAsync(networkId, lease, cancellationToken);

    public void Resync(NetworkId networkId) => engine.Resync(networkId);

    public Task<IReadOnlyList<HostEvent>> ListEventsAsync(int count, CancellationToken cancellationToken) =>
        events.ListAsync(networkId: null, Math.Clamp(count, 1, MostEvents), cancellationToken);

    public void Record(string kind, string message, EventSeverity severity)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        ArgumentNullException.ThrowIfNull(message);
        if (kind.Length > LongestKind || kind.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_')))
        {
            throw new ArgumentException($"The kind of an event has at most {LongestKind} letters, digits, '.', '-' and '_'; '{kind}' is none.", nameof(kind));
        }

        var text = message.Length <= LongestMessage ? message : message[..LongestMessage];
        events.Record(new() { Time = Now, Severity = severity, Kind = $"job.{kind}", Message = text });
    }
}

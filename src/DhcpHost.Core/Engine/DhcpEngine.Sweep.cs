using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Plugins;
using DhcpHost.Core.Queue;
using DhcpHost.Core.State;

namespace DhcpHost.Core.Engine;

public sealed partial class DhcpEngine
{
    private readonly Lock _orphanLock = new();
    private readonly Dictionary<HandleKey, long> _orphans = [];

    /// <inheritdoc/>
    public async Task<EngineAnswer> SweepOrphansAsync(bool dryRun, CancellationToken cancellationToken)
    {
        if (WhyNoSweep() is { } reason)
        {
            return new(false, $"nothing is swept: {reason}");
        }

        var found = await DiscoverAsync(cancellationToken);

        // What an interrupted reconcile left of a network that is served is taken over by its next one. What no handle speaks of is an orphan all the same:
        // the network may be disabled since, or served by another driver.
        var orphans = found.Where(IsOrphan).ToList();
        var ripe = orphans.Where(one => dryRun || IsRipe(one.Key)).ToList();
        lock (_orphanLock)
        {
            foreach (var key in _orphans.Keys.Except(orphans.Select(one => one.Key)).ToList())
            {
                _orphans.Remove(key);
            }
        }

        var names = string.Join(", ", ripe.Select(one => $"{one.Handle.DriverId} {one.Handle.Server}"));
        if (dryRun)
        {
            return new(true, ripe.Count == 0 ? "there are no orphans" : $"{ripe.Count} orphans would be removed: {names}", ripe.Count);
        }

        // From here on the host knows of it: its network's next reconcile keeps it where it is wanted, and removes it where it is not.
        foreach (var one in ripe.Where(_ => WhyNoSweep() is null))
        {
            var id = one.Handle.Server.NetworkId;
            _state.Update(id, network => network.Handles.Any(held => held.Key == one.Key) ? network : network.With(one));
            _table.GetOrAdd(id).Force();
            _events.Record(
                EventSeverity.Warning,
                "orphan.swept",
                id,
                $"The driver {one.Handle.DriverId} runs something for {one.Handle.Server} that no handle speaks of: it is removed, "
                + "unless it is wanted.");
            _queue.Add(id, WorkPriority.Bulk);
        }

        var waiting = orphans.Count - ripe.Count;
        var rest = waiting == 0 ? "" : $"; {waiting} more are watched for {_options.OrphanGraceTime.TotalSeconds:0} s first";
        return new(true, ripe.Count == 0 ? $"no orphans removed{rest}" : $"{ripe.Count} orphans are being removed: {names}{rest}", ripe.Count);
    }

    /// <summary>No handle speaks of it; or one does that was found at the start, and no source tells of its network.</summary>
    private bool IsOrphan(StoredHandle one)
    {
        var stored = _state.Find(one.Handle.Server.NetworkId);
        return stored.Handles.All(held => held.Key != one.Key) || (stored.Source is null && _store.Find(stored.Id) is null);
    }

    private string? WhyNoSweep()
    {
        var sources = _sources;
        if (sources.IsEmpty)
        {
            return "there is no source, so nobody knows what is wanted";
        }

        if (sources.FirstOrDefault(source => source.LastListCount is null) is { } unread)
        {
            return $"the source {unread.Id} was not read, so nobody knows what it wants";
        }

        if (sources.All(source => source.LastListCount == 0))
        {
            return "the sources tell of no network at all, which may be their mistake";
        }

        return Status.IsSynced ? null : "the first sync is not through";
    }

    private bool IsRipe(HandleKey key)
    {
        lock (_orphanLock)
        {
            var now = _timeProvider.GetTimestamp();
            return _orphans.TryAdd(key, now)
                ? _options.OrphanGraceTime <= TimeSpan.Zero
                : _timeProvider.GetElapsedTime(_orphans[key], now) >= _options.OrphanGraceTime;
        }
    }
}

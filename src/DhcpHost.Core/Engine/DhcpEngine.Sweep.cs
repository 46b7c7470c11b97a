using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Plugins;
using DhcpHost.Core.Queue;

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

        // What belongs to a known network is that network's own affair: its reconcile finds and takes over what an interrupted one left.
        var orphans = found.Where(one => _store.Find(one.Handle.Server.NetworkId) is null && _state.Find(one.Handle.Server.NetworkId).Handles.All(held => held.Key != one.Key)).ToList();
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

        // The source may have told of a network since: then it is no orphan any more. Otherwise its removal is a reconcile like any other.
        foreach (var one in ripe.Where(one => WhyNoSweep() is null && _store.Find(one.Handle.Server.NetworkId) is null))
        {
            var id = one.Handle.Server.NetworkId;
            _state.Update(id, network => network.With(one));
            _table.GetOrAdd(id);
            _events.Record(EventSeverity.Warning, "orphan.swept", id, $"What the driver {one.Handle.DriverId} runs for {one.Handle.Server} belongs to no network: it is removed.");
            _queue.Add(id, WorkPriority.Bulk);
        }

        var waiting = orphans.Count - ripe.Count;
        var rest = waiting == 0 ? "" : $"; {waiting} more are watched for {_options.OrphanGraceTime.TotalSeconds:0} s first";
        return new(true, ripe.Count == 0 ? $"no orphans removed{rest}" : $"{ripe.Count} orphans are being removed: {names}{rest}", ripe.Count);
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

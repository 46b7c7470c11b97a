using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Policies;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Plugins;
using DhcpHost.Core.Queue;
using DhcpHost.Core.Reconciling;
using DhcpHost.Core.Sources;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Core.Engine;

public sealed partial class DhcpEngine
{
    // Touched by the one reader of driver notices alone.
    private readonly Dictionary<(DriverKind, DriverId), DriverHealth> _health = [];

    private async Task WatchDriversAsync(CancellationToken cancellationToken)
    {
        await foreach (var notice in _registry.WatchAsync(cancellationToken))
        {
            switch (notice.Event)
            {
                case DriverEvent.ServerExited exited:
                    ServerExited(notice.Driver, exited);
                    break;
                case DriverEvent.Drifted drifted:
                    Drifted(notice.Driver, drifted);
                    break;
                case DriverEvent.HealthChanged changed:
                    HealthChanged(notice.Driver, changed.Health);
                    break;
            }
        }
    }

    private void ServerExited(RegisteredDriver driver, DriverEvent.ServerExited exited)
    {
        var id = exited.Server.NetworkId;
        _metrics.ServerExits.Add(1, new KeyValuePair<string, object?>("driver", driver.Info.Id.Value));
        var isKnown = _state.Find(id).Handles.Any(stored => stored.Key == new HandleKey(exited.Server, driver.Kind, driver.Info.Id));
        if (_table.Find(id) is not { } runtime || (!isKnown && runtime.Status?.Phase != NetworkPhase.Reconciling))
        {
            // Not ours to bring back. A server may die before its handle is stored, though: then its network is being worked on.
            return;
        }

        var deaths = runtime.CountDeath(exited.Server, driver.Kind, _timeProvider, _options.ServerStableTime);
        _events.Record(
            EventSeverity.Warning, "server.exited", id, $"The server of the driver {driver.Info.Id} for {exited.Server} ended: {exited.Exit.Reason}");
        ComeBack(
            runtime,
            deaths,
            new(FailureKind.Transient, $"The server of the driver {driver.Info.Id} ended {deaths} times, each too soon after the last: {exited.Exit.Reason}."));
    }

    private void Drifted(RegisteredDriver driver, DriverEvent.Drifted drifted)
    {
        var id = drifted.Server.NetworkId;
        if (_table.Find(id) is not { } runtime)
        {
            return;
        }

        var drifts = runtime.CountDrift(drifted.Server, _timeProvider, _options.ServerStableTime);
        _events.Record(
            drifted.IsArrival ? EventSeverity.Info : EventSeverity.Warning,
            "server.drifted",
            id,
            $"What the driver {driver.Info.Id} made for {drifted.Server} {(drifted.IsArrival ? "can be completed" : "was changed")}: {drifted.Reason}");
        ComeBack(runtime, drifts, new(FailureKind.Conflict, $"What the driver {driver.Info.Id} made was changed {drifts} times behind the "
            + $"host's back, each too soon after the last: {drifted.Reason}."));
    }

    /// <summary>
    /// The first time it is put right at once, priority over live changes; if it does not last, the retry rules slow it down, then
    /// quarantine it.
    /// </summary>
    private void ComeBack(NetworkRuntime runtime, int count, Failure failure)
    {
        runtime.Force();
        if (count == 1)
        {
            _queue.Add(runtime.Id, WorkPriority.Restart);
            return;
        }

        // A quarantine wants as many deaths as limits.retry_attempts says; the first of the waits comes with the second death.
        runtime.IsHeld = true;
        var attempt = count >= Settings.Limits.RetryAttempts ? count : count - 1;
        Plan(runtime, _store.Find(runtime.Id), failure, attempt, WorkPriority.Restart, duration: null);
    }

    private void HealthChanged(RegisteredDriver driver, DriverHealth health)
    {
        var key = (driver.Kind, driver.Info.Id);
        var before = _health.GetValueOrDefault(key);
        _health[key] = health;
        if (before == health)
        {
            return;
        }

        _events.Record(
            health.IsHealthy || !IsWanted(key) ? EventSeverity.Info : EventSeverity.Warning,
            health.IsHealthy ? "driver.healthy" : "driver.unhealthy",
            null,
            $"{driver.Kind.ToString().ToLowerInvariant()} driver {driver.Info.Id}: {health.Message}");
        if (!health.IsHealthy || before is null or { IsHealthy: true })
        {
            return;
        }

        // Whoever failed for want of this driver need not wait for the next attempt.
        foreach (var runtime in _table.Networks)
        {
            if (runtime.Status is { Phase: NetworkPhase.Retrying or NetworkPhase.Quarantined, Failure: FailureKind.Transient or FailureKind.Conflict }
                && runtime.Deaths.IsEmpty)
            {
                _queue.Add(runtime.Id, WorkPriority.Bulk);
            }
        }
    }

    /// <summary>Whether a network has something of a driver, or is to have; or would, where no policy says otherwise. The others may be as they like.</summary>
    private bool IsWanted((DriverKind Kind, DriverId Id) driver) =>
        _table.Networks.Select(runtime => runtime.Selection).Append(Settings.Drivers).OfType<DriverSelection>()
            .Any(selection => Chosen(selection, driver.Kind) == driver.Id)
        || _state.Networks.SelectMany(network => network.Handles).Any(held => held.Kind == driver.Kind && held.Handle.DriverId == driver.Id);

    private static DriverId? Chosen(DriverSelection selection, DriverKind kind) => kind switch
    {
        DriverKind.Interface => selection.Interface,
        DriverKind.Dhcp => selection.Dhcp,
        _ => selection.Metadata,
    };

    private async Task KeepHouseAsync(CancellationToken cancellationToken)
    {
        var generation = _policies.Generation;
        var reportedAt = _timeProvider.GetTimestamp();
        while (true)
        {
            await Task.Delay(HousekeepingTime, _timeProvider, cancellationToken);
            if (_policies.Generation is var now && now != generation)
            {
                generation = now;
                RedecideAll();
            }

            if (_timeProvider.GetElapsedTime(reportedAt) >= _options.StatusReportTime)
            {
                reportedAt = _timeProvider.GetTimestamp();
                await ReportStatusAsync(cancellationToken);
            }
        }
    }

    private async Task ReportStatusAsync(CancellationToken cancellationToken)
    {
        foreach (var watcher in _sources)
        {
            var networks = _store.Networks.Values.Where(
                snapshot => snapshot.Source == watcher.Id && _table.Find(snapshot.Network.Id)?.Status?.Servers.IsEmpty == false).ToList();
            var driver = networks.GroupBy(snapshot => _table.Find(snapshot.Network.Id)?.Status?.Drivers?.Dhcp).MaxBy(group => group.Count())?.Key;
            var report = new HostStatusReport(
                _startedAt!.Value,
                networks.Count,
                networks.Sum(one => one.Network.Subnets.Count),
                networks.Sum(one => one.Network.Ports.Count),
                driver);
            try
            {
                // A source that takes its time gets the next report when it is done with this one.
                await Task.Run(() => watcher.Source.ReportStatusAsync(report, cancellationToken), CancellationToken.None).WaitAsync(
                    _options.StatusReportTime, _timeProvider, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                LogReportFailed(watcher.Id, exception);
            }
        }
    }

    /// <summary>What the sources' watchers tell.</summary>
    private sealed class News(DhcpEngine engine) : ISourceNews
    {
        public void Changed(SourceWatcher watcher, NetworkId id, int priority, EquatableArray<PortId> awaitedPorts) =>
            engine.NetworkChanged(id, priority, awaitedPorts);

        public void Removed(SourceWatcher watcher, NetworkId id) => engine._queue.Add(id, WorkPriority.Live);

        public void Claimed(SourceWatcher watcher, NetworkId id) => engine.NetworkClaimed(watcher.Id, id);

        public void Listed(SourceWatcher watcher, Store.ListResult result, bool isFirst) => engine.SourceListed(watcher, result, isFirst);

        public void ListFailed(SourceWatcher watcher, string message, TimeSpan retryAfter) =>
            engine._events.Record(
                EventSeverity.Error,
                "source.failed",
                null,
                $"source {watcher.Id} cannot be read: {message}. It is tried again in {retryAfter.TotalSeconds:0} s; "
                + "what it told before stays.");

        public void HealthChanged(SourceWatcher watcher)
        {
            var health = watcher.Health;
            var severity = health.IsHealthy && health.Problems.IsEmpty ? EventSeverity.Info : EventSeverity.Warning;
            var problems = health.Problems.IsEmpty ? "" : $"; {string.Join("; ", health.Problems)}";
            engine._events.Record(severity, health.IsHealthy ? "source.healthy" : "source.unhealthy", null, $"source {watcher.Id}: {health.Message}{problems}");
        }
    }

    [LoggerMessage(EventId = 5020, Level = LogLevel.Warning, Message = "Source {Source} did not take the host's status report.")]
    private partial void LogReportFailed(PluginId source, Exception exception);
}

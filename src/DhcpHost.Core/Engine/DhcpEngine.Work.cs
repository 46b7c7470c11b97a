using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Queue;
using DhcpHost.Core.Reconciling;
using DhcpHost.Core.State;
using DhcpHost.Core.Store;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Core.Engine;

public sealed partial class DhcpEngine
{
    private async Task WorkAsync(WorkItem<NetworkId> item)
    {
        var runtime = _table.GetOrAdd(item.Key);
        var began = _timeProvider.GetTimestamp();
        var result = "unchanged";
        // Every line that is written on the way, by drivers and sources too, names the network.
        using var scope = _log.BeginScope(new KeyValuePair<string, object>[] { new("Network", item.Key) });
        try
        {
            if (!_reconciler.IsCurrent(runtime))
            {
                result = await ReconcileAsync(runtime, item, began);
            }
        }
        catch (Exception exception)
        {
            // A bug of the engine itself: the worker lives on, and the network gets another attempt.
            result = "error";
            LogBug(item.Key, "settling what came of a reconcile", exception);
            _queue.AddAfter(item.Key, Settings.Limits.RetryDelayMax, item.Priority);
        }
        finally
        {
            _sync.Tried(item.Key);
            var duration = _timeProvider.GetElapsedTime(began);
            _recent.Add(duration, result == "error");
            var label = new KeyValuePair<string, object?>("result", result);
            _metrics.Reconciles.Add(1, label);
            _metrics.ReconcileDuration.Record(duration.TotalSeconds, label);
        }
    }

    private async Task<string> ReconcileAsync(NetworkRuntime runtime, WorkItem<NetworkId> item, long began)
    {
        var limit = Settings.Limits.ReconcileTime;
        using var deadline = new CancellationTokenSource(limit, _timeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _stop.Token);
        runtime.IsHeld = false;
        var freed = _admission.FreeCount;
        Began(runtime);
        try
        {
            var result = await _reconciler.ReconcileAsync(runtime, linked.Token);
            var outcome = Succeeded(runtime, result, _timeProvider.GetElapsedTime(began));
            if (result.Limit is not null && freed != _admission.FreeCount)
            {
                // Room came while it was being refused, before anybody could see that it waits for room.
                runtime.Force();
                _queue.Add(runtime.Id, WorkPriority.Bulk);
            }

            return outcome;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            runtime.Applied = null;
            return "cancelled";
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            _metrics.LimitReached("reconcile_time");
            Failed(runtime, item, new(FailureKind.Transient, $"It took longer than limits.reconcile_time, which is {limit}: {runtime.Step}."), began);
            return "error";
        }
        catch (Exception exception)
        {
            // The boundary to plugins: whatever they throw becomes a state of this one network.
            var failure = Failure.Of(exception);
            if (failure.Exception is not null)
            {
                LogBug(runtime.Id, runtime.Step, failure.Exception);
            }

            Failed(runtime, item, failure, began);
            return "error";
        }
    }

    private void Began(NetworkRuntime runtime)
    {
        if (_store.Find(runtime.Id) is { } snapshot)
        {
            _table.Publish(runtime, Describe(runtime, snapshot, NetworkPhase.Reconciling));
        }
        else if (runtime.Status is { } status)
        {
            _table.Publish(runtime, status with { Phase = NetworkPhase.Removing, Since = _timeProvider.GetUtcNow(), IsInSync = false });
        }
    }

    private string Succeeded(NetworkRuntime runtime, ReconcileResult result, TimeSpan duration)
    {
        var snapshot = _store.Find(runtime.Id);
        if (result.IsUnknown)
        {
            return "unchanged";
        }

        if (result.Phase is not { } phase)
        {
            Removed(runtime, snapshot);
            return "removed";
        }

        if (snapshot is null || runtime.IsHeld)
        {
            // It is gone again, or its server died again: whoever noticed has said so, and what follows is on its way.
            return phase.ToString().ToLowerInvariant();
        }

        _state.Update(runtime.Id, stored => stored with { Failure = null });
        if (result.Limit is { } limit)
        {
            _metrics.LimitReached(limit);
        }

        var applied = runtime.Applied?.Snapshot;
        var before = runtime.Settled;
        var status = Describe(runtime, snapshot, phase) with
        {
            Message = result.Message,
            Failure = result.Limit is null ? null : FailureKind.Limit,
            FailedAttempts = 0,
            RetryAt = null,
            ObservedRevision = phase is NetworkPhase.Ready or NetworkPhase.Degraded ? applied?.Network.RevisionNumber : runtime.Status?.ObservedRevision,
            IsInSync = ReferenceEquals(applied, snapshot),
            Drivers = result.Drivers,
            Servers = result.Servers,
            Refusals = result.Refusals,
            LastDuration = duration,
        };
        Settle(runtime, status);
        if (before is null || before.Phase != phase || before.Message != result.Message)
        {
            var severity = phase is NetworkPhase.Degraded or NetworkPhase.Refused ? EventSeverity.Warning : EventSeverity.Info;
            var kind = result.Limit is null ? $"network.{phase.ToString().ToLowerInvariant()}" : "limit.reached";
            _events.Record(severity, kind, runtime.Id, result.Message ?? $"served in {duration.TotalMilliseconds:0.0} ms");
        }

        return phase.ToString().ToLowerInvariant();
    }

    private void Removed(NetworkRuntime runtime, NetworkSnapshot? snapshot)
    {
        _state.Update(runtime.Id, stored => stored with { Failure = null });
        if (snapshot is not null)
        {
            // It came back while it was being removed: its key is in the queue.
            return;
        }

        var last = runtime.Status;
        if (last is not null)
        {
            // While it is still in the table: who comes after it there is told after it.
            _table.Publish(
                runtime,
                last with { Phase = NetworkPhase.Removed, Since = _timeProvider.GetUtcNow(), Message = null, Failure = null, RetryAt = null, Servers = [] });
        }

        _table.Remove(runtime.Id);
        if (last is not null)
        {
            _events.Record(EventSeverity.Info, "network.removed", runtime.Id, "it is gone, and all that ran for it");
        }
    }

    private void Failed(NetworkRuntime runtime, WorkItem<NetworkId> item, Failure failure, long began)
    {
        runtime.Applied = null;
        var snapshot = _store.Find(runtime.Id);
        if (failure.Kind == FailureKind.Gone && snapshot is not null)
        {
            // What the work was for is no more, only its source's news is late: what runs is removed, nothing is tried again.
            _store.Remove(snapshot.Source, runtime.Id);
            _queue.Add(runtime.Id, item.Priority);
            return;
        }

        var attempt = (_state.Find(runtime.Id).Failure?.Attempts ?? 0) + 1;
        var kind = failure.Kind == FailureKind.Gone ? failure with { Kind = FailureKind.Transient } : failure;
        Plan(runtime, snapshot, kind, attempt, item.Priority, _timeProvider.GetElapsedTime(began));
    }

    /// <summary>Decides what follows a failure, and sees to it that it does.</summary>
    private void Plan(NetworkRuntime runtime, NetworkSnapshot? snapshot, Failure failure, int attempt, int priority, TimeSpan? duration)
    {
        var plan = _retryRules.Decide(runtime.Id, failure, attempt);
        var now = _timeProvider.GetUtcNow();
        var retryAt = plan.Delay is { } delay ? now + delay : (DateTimeOffset?)null;
        _state.Update(runtime.Id, stored => stored with
        {
            Source = snapshot?.Source ?? stored.Source,
            Failure = new()
            {
                Kind = failure.Kind,
                Message = failure.Message,
                Attempts = attempt,
                FailedAt = now,
                RetryAt = retryAt,
                Fingerprint = snapshot is null ? "" : Fingerprint.Of(snapshot.Network),
            },
        });
        var message = plan.Reason is null ? failure.Message : $"{failure.Message} ({plan.Reason})";
        if (runtime.Status is { } status)
        {
            Settle(runtime, status with
            {
                Phase = plan.Phase,
                Since = status.Phase == plan.Phase ? status.Since : now,
                Message = message,
                Failure = failure.Kind,
                FailedAttempts = attempt,
                RetryAt = retryAt,
                IsInSync = false,
                LastDuration = duration ?? status.LastDuration,
            });
        }

        var severity = plan.Phase == NetworkPhase.Retrying ? EventSeverity.Warning : EventSeverity.Error;
        _events.Record(
            severity,
            failure.Limit is null ? $"network.{plan.Phase.ToString().ToLowerInvariant()}" : "limit.reached",
            runtime.Id,
            plan.Delay is { } wait ? $"{message} Attempt {attempt}; the next one is in {wait.TotalSeconds:0.0} s." : message);
        if (plan.Delay is { } due)
        {
            _queue.AddAfter(runtime.Id, due, priority);
        }
    }

    private void Settle(NetworkRuntime runtime, NetworkStatus status)
    {
        runtime.Settled = status;
        _table.Publish(runtime, status);
    }

    private NetworkStatus Describe(NetworkRuntime runtime, NetworkSnapshot snapshot, NetworkPhase phase)
    {
        var status = runtime.Status ?? new NetworkStatus { Id = runtime.Id, Source = snapshot.Source, Phase = phase, Since = _timeProvider.GetUtcNow() };

        // The short moment of a reconcile is no change of where a network stands.
        var isSince = (phase == runtime.Settled?.Phase ? runtime.Settled : null) ?? (status.Phase == phase ? status : null);
        return status with
        {
            Name = snapshot.Network.Name,
            Source = snapshot.Source,
            Phase = phase,
            Since = isSince?.Since ?? _timeProvider.GetUtcNow(),
            Subnets = snapshot.Network.Subnets.Count,
            Ports = snapshot.Network.Ports.Count,
        };
    }

    [LoggerMessage(EventId = 5001, Level = LogLevel.Error, Message = "Network {Network}: an unexpected failure while: {Step}")]
    private partial void LogBug(NetworkId network, string step, Exception exception);
}

using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Queue;
using DhcpHost.Core.Sources;
using DhcpHost.Core.State;
using DhcpHost.Core.Store;

namespace DhcpHost.Core.Engine;

public sealed partial class DhcpEngine
{
    private void NetworkChanged(NetworkId id, int priority, EquatableArray<PortId> awaitedPorts)
    {
        var runtime = _table.GetOrAdd(id);
        runtime.Await(awaitedPorts);
        Free(runtime);
        Introduce(runtime);
        _queue.Add(id, Math.Clamp(priority, WorkPriority.Bulk, WorkPriority.Operator - 1));
    }

    private void NetworkClaimed(PluginId source, NetworkId id) =>
        _events.Record(
            EventSeverity.Error,
            "network.claimed",
            id,
            $"The source {source} tells of a network {id}, which the source {_store.Find(id)?.Source} has already: refused, "
            + "until that one gives it up. Give one of them another id.");

    private void SourceListed(SourceWatcher watcher, ListResult result, bool isFirst)
    {
        foreach (var id in result.Claimed)
        {
            NetworkClaimed(watcher.Id, id);
        }

        var gone = isFirst
            ? _state.Networks.Where(stored => stored.Source == watcher.Id && _store.Find(stored.Id) is null).Select(stored => stored.Id).ToList()
            : [];
        _sync.Begin([.. result.Changed, .. result.Unchanged, .. result.Removed, .. gone]);
        foreach (var id in result.Changed)
        {
            if (isFirst)
            {
                FirstSeen(id);
            }
            else
            {
                NetworkChanged(id, WorkPriority.Bulk, []);
            }
        }

        foreach (var id in result.Unchanged)
        {
            EnqueueBulk(id);
        }

        foreach (var id in result.Removed.Concat(gone))
        {
            _queue.Add(id, WorkPriority.Live);
        }

        if (isFirst)
        {
            _events.Record(
                EventSeverity.Info,
                "source.listed",
                null,
                $"source {watcher.Id}: {(watcher.LastListCount == 1 ? "1 network" : $"{watcher.LastListCount} networks")}");
        }
    }

    /// <summary>
    /// A network of the first list: one that changed while the host was away goes first, one that failed before waits on for its time.
    /// </summary>
    private void FirstSeen(NetworkId id)
    {
        var runtime = _table.GetOrAdd(id);
        Introduce(runtime);
        var stored = _state.Find(id);
        var fingerprint = stored.Handles.IsEmpty && stored.Failure is null ? null : Fingerprint.Of(_store.Find(id)!.Network);
        if (stored.Failure is { } failure)
        {
            if (failure.Fingerprint == fingerprint && Resume(runtime, failure))
            {
                return;
            }

            _state.Update(id, network => network with { Failure = null });
        }

        var hasChanged = stored.Handles.Any(handle => handle.Fingerprint != fingerprint);
        _queue.Add(id, hasChanged ? WorkPriority.ChangedWhileAway : WorkPriority.Bulk);
    }

    /// <summary>Takes up the wait of an earlier run of the host. True where there is one.</summary>
    private bool Resume(NetworkRuntime runtime, StoredFailure failure)
    {
        if (failure.Kind is Abstractions.Failures.FailureKind.Limit)
        {
            return false;
        }

        var now = _timeProvider.GetUtcNow();
        var phase = failure.RetryAt is null ? NetworkPhase.Quarantined : NetworkPhase.Retrying;

        // The wall clock may have been set meanwhile: the wait is never longer than a wait may be.
        var wait = failure.RetryAt - now;
        wait = wait > Settings.Limits.RetryDelayMax ? Settings.Limits.RetryDelayMax : wait;
        Settle(runtime, runtime.Status! with
        {
            Phase = phase,
            Since = failure.FailedAt,
            Message = failure.Message,
            Failure = failure.Kind,
            FailedAttempts = failure.Attempts,
            RetryAt = now + wait,
        });
        _sync.Tried(runtime.Id);
        if (wait is { } delay)
        {
            _queue.AddAfter(runtime.Id, delay, WorkPriority.Bulk);
        }

        return true;
    }

    /// <summary>Puts a network in the queue that did not change: one that waits for a retry or in quarantine is left there.</summary>
    private void EnqueueBulk(NetworkId id)
    {
        var status = _table.Find(id)?.Status;
        if (status?.Phase is NetworkPhase.Retrying or NetworkPhase.Quarantined)
        {
            _sync.Tried(id);
            return;
        }

        _queue.Add(id, WorkPriority.Bulk);
    }

    /// <summary>A change frees a network from quarantine, with a clean record.</summary>
    private void Free(NetworkRuntime runtime)
    {
        if (runtime.Status?.Phase == NetworkPhase.Quarantined)
        {
            _state.Update(runtime.Id, stored => stored with { Failure = null });
            runtime.ForgetDeaths();
        }
    }

    private void Introduce(NetworkRuntime runtime)
    {
        if (runtime.Status is null && _store.Find(runtime.Id) is { } snapshot)
        {
            Settle(runtime, Describe(runtime, snapshot, NetworkPhase.Pending));
        }
    }

    /// <summary>There is room under a limit again, or a limit was changed.</summary>
    private void RetryRefused()
    {
        foreach (var runtime in _table.Networks)
        {
            if (runtime.Status is { Phase: NetworkPhase.Refused, Failure: Abstractions.Failures.FailureKind.Limit })
            {
                runtime.Force();
                _queue.Add(runtime.Id, WorkPriority.Bulk);
            }
        }
    }
}

using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Plugins;
using DhcpHost.Core.Queue;
using DhcpHost.Core.Reconciling;
using DhcpHost.Core.State;

namespace DhcpHost.Core.Engine;

public sealed partial class DhcpEngine
{
    /// <inheritdoc/>
    public bool Resync(NetworkId id)
    {
        var snapshot = _store.Find(id);
        if (snapshot is null && _table.Find(id) is null)
        {
            return false;
        }

        var runtime = _table.GetOrAdd(id);
        _state.Update(id, stored => stored with { Failure = null });
        runtime.ForgetDeaths();
        runtime.Force();
        if (snapshot is not null)
        {
            _store.MarkStale(snapshot.Source, id);
        }

        _events.Record(EventSeverity.Info, "network.resync", id, "asked for");
        return _queue.Add(id, WorkPriority.Operator);
    }

    /// <inheritdoc/>
    public async Task<EngineAnswer> ResyncAllAsync(string reason, CancellationToken cancellationToken)
    {
        if (!_budget.TryTake(out var wait))
        {
            _metrics.LimitReached("resyncs_per_minute");
            var message = $"limits.resyncs_per_minute is {Settings.Limits.ResyncsPerMinute}, and reached: ask again in {Math.Ceiling(wait.TotalSeconds)} s";
            _events.Record(EventSeverity.Warning, "limit.reached", null, $"resync ({reason}) refused: {message}");
            return new(false, message);
        }

        _events.Record(EventSeverity.Info, "engine.resync", null, reason);
        AttachSources();
        var sources = _sources;
        var problems = new List<string>();
        foreach (var (source, answer) in sources.Select(source => (source, source.ListAsync())).ToList())
        {
            if (await answer.WaitAsync(cancellationToken) is { } problem)
            {
                problems.Add($"source {source.Id} could not be read: {problem}");
            }
        }

        var count = _store.Networks.Count;
        var networks = count == 1 ? "1 network" : $"{count} networks";
        var told = sources.Length == 1 ? "1 source" : $"{sources.Length} sources";
        return new(true, problems.Count == 0 ? $"{networks} of {told} {(count == 1 ? "is" : "are")} in the queue" : string.Join("; ", problems), count);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Lease>> ListLeasesAsync(NetworkId id, CancellationToken cancellationToken)
    {
        var leases = new List<Lease>();
        foreach (var stored in DhcpHandles(id))
        {
            leases.AddRange(await CallAsync(stored, (driver, token) => driver.ListLeasesAsync(stored.Handle, token), cancellationToken));
        }

        return leases;
    }

    /// <inheritdoc/>
    public async Task<bool> ReleaseLeaseAsync(NetworkId id, Lease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        foreach (var stored in DhcpHandles(id))
        {
            if (await CallAsync(stored, (driver, token) => driver.ReleaseLeaseAsync(stored.Handle, lease, token), cancellationToken))
            {
                _events.Record(EventSeverity.Info, "lease.released", id, $"the lease of {lease.Address} was ended");
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public async Task<EngineAnswer> AuditDriftAsync(CancellationToken cancellationToken)
    {
        var (looked, drifted, unknown) = (0, 0, 0);
        await ForEachHandleAsync(
            stored => true,
            async (runtime, stored, token) =>
            {
                Interlocked.Increment(ref looked);
                try
                {
                    var seen = await _calls.InspectAsync(stored, token);
                    if (seen.State == InspectState.Running || _state.Find(runtime.Id).Handles.All(held => held != stored))
                    {
                        return;
                    }

                    Interlocked.Increment(ref drifted);
                    if (seen.State == InspectState.Foreign)
                    {
                        runtime.SetUnproven(stored.Key, isUnproven: true);
                        ReportForeign(runtime.Id, stored, seen.Reason);
                    }
                    else
                    {
                        _events.Record(
                            EventSeverity.Warning,
                            "server.drifted",
                            runtime.Id,
                            $"What the driver {stored.Handle.DriverId} made for {stored.Handle.Server} is "
                            + $"{seen.State.ToString().ToLowerInvariant()}: {seen.Reason}");
                    }

                    runtime.Force();
                    _queue.Add(runtime.Id, WorkPriority.Live);
                }
                catch (DhcpHostException)
                {
                    Interlocked.Increment(ref unknown);
                }
            },
            cancellationToken);
        return new(
            true, $"{looked} things looked at, {drifted} differ and are in the queue{(unknown == 0 ? "" : $", {unknown} could not be looked at")}", drifted);
    }

    /// <inheritdoc/>
    public async Task<EngineAnswer> SnapshotLeasesAsync(CancellationToken cancellationToken)
    {
        var (servers, count, failed) = (0, 0, 0);
        await ForEachHandleAsync(
            stored => stored.Kind == DriverKind.Dhcp,
            async (_, stored, token) =>
            {
                try
                {
                    var leases = await _calls.CallAsync<IDhcpDriver, IReadOnlyList<Lease>>(
                        stored.Handle.DriverId, stored.Handle.Server, (driver, one) => driver.ListLeasesAsync(stored.Handle, one), token);
                    _state.SaveLeases(stored.Handle.Server, leases);
                    Interlocked.Increment(ref servers);
                    Interlocked.Add(ref count, leases.Count);
                }
                catch (DhcpHostException)
                {
                    Interlocked.Increment(ref failed);
                }
            },
            cancellationToken);
        await _state.FlushAsync(cancellationToken);
        return new(true, $"{count} leases of {servers} servers stored{(failed == 0 ? "" : $", {failed} servers could not be asked")}", count);
    }

    /// <inheritdoc/>
    public EngineAnswer ProbeQuarantine()
    {
        var count = 0;
        foreach (var runtime in _table.Networks.Where(runtime => runtime.Status?.Phase == NetworkPhase.Quarantined))
        {
            // One attempt: the count of failures stays, so that the next one quarantines it again.
            count += _queue.Add(runtime.Id, WorkPriority.Bulk) ? 1 : 0;
        }

        return new(true, $"{count} quarantined networks get one more attempt", count);
    }

    /// <inheritdoc/>
    public EngineAnswer ResizePool() => new(true, _sizer.AskNow(), _pool.Size);

    private List<StoredHandle> DhcpHandles(NetworkId id)
    {
        var handles = _state.Find(id).Handles.Where(stored => stored.Kind == DriverKind.Dhcp).ToList();
        return handles.Count > 0
            ? handles
            : throw new DhcpHostException(
                FailureKind.Gone, _store.Find(id) is null ? $"There is no network {id}." : $"No server runs for the network {id}.");
    }

    private async Task<T> CallAsync<T>(StoredHandle stored, Func<IDhcpDriver, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Settings.Limits.ReconcileTime, _timeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await _calls.CallAsync(stored.Handle.DriverId, stored.Handle.Server, call, linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DhcpHostException(
                FailureKind.Transient,
                $"The driver {stored.Handle.DriverId} did not answer within limits.reconcile_time, "
                + $"which is {Settings.Limits.ReconcileTime}.");
        }
    }

    /// <summary>
    /// Does something with every handle, some networks at a time, each under the deadline of a reconcile; what a driver throws counts as
    /// its failure.
    /// </summary>
    private Task ForEachHandleAsync(
        Func<StoredHandle, bool> filter, Func<NetworkRuntime, StoredHandle, CancellationToken, Task> action, CancellationToken cancellationToken) =>
        ParallelAsync(
            _state.Networks,
            async (network, token) =>
            {
                foreach (var stored in network.Handles.Where(filter))
                {
                    await action(_table.GetOrAdd(network.Id), stored, token);
                }
            },
            cancellationToken);

    private Task ParallelAsync(
        IReadOnlyList<StoredNetwork> networks, Func<StoredNetwork, CancellationToken, Task> action, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            networks,
            new ParallelOptions { MaxDegreeOfParallelism = _options.Parallelism, CancellationToken = cancellationToken },
            async (network, token) =>
            {
                using var deadline = new CancellationTokenSource(Settings.Limits.ReconcileTime, _timeProvider);
                using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, token);
                try
                {
                    await action(network, linked.Token);
                }
                catch (Exception exception) when (exception is not OperationCanceledException || !token.IsCancellationRequested)
                {
                    // The boundary to plugins: one network's trouble is not the others'.
                    LogBug(network.Id, "a job over all networks", exception);
                }
            });
}

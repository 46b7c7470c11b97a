using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Plugins;
using DhcpHost.Core.Reconciling;
using DhcpHost.Core.Sources;
using DhcpHost.Core.State;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Core.Engine;

public sealed partial class DhcpEngine
{
    private static readonly TimeSpan HousekeepingTime = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Starts, in this order: opens the state file, takes over handles of swapped plugins from then on, recovers all that an earlier run left, and only then
    /// takes in what the sources say and lets workers work. The sources are asked meanwhile: one that is far away takes its time to answer. Returns when
    /// workers may work; <see cref="EngineStatus.IsSynced"/> tells when all was tried once.
    /// </summary>
    /// <exception cref="InvalidOperationException">It was started already.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isStarted, 1) == 1)
        {
            throw new InvalidOperationException("The engine was started already.");
        }

        _metrics.Announce();
        AttachSources();
        var opening = await _state.OpenAsync(readOnly: false, cancellationToken);
        _events.Open(_state.LastSequence);
        if (opening is StateOpening.Corrupt or StateOpening.Unavailable)
        {
            _events.Record(
                EventSeverity.Error,
                opening == StateOpening.Corrupt ? "state.corrupt" : "state.unavailable",
                null,
                opening == StateOpening.Corrupt
                    ? $"{_state.Path} was no usable state file: it was moved aside, and a fresh one made. "
                        + "What runs is found again by the drivers; history and leases are in the old file."
                    : _state.Problem ?? $"{_state.Path} cannot be opened");
        }

        _registry.OnTakeover(TakeOverAsync);
        if (_state.IsIncomplete)
        {
            await DiscoverLostAsync(cancellationToken);
        }

        await RecoverAllAsync(cancellationToken);
        if (!_state.IsIncomplete && _state.Networks.Any(IsInterrupted))
        {
            await DiscoverLostAsync(cancellationToken);
        }

        _startedAt = _timeProvider.GetUtcNow();
        _recovered.SetResult();
        _loops.Add(Task.Run(() => LoopAsync("driver notices", WatchDriversAsync), CancellationToken.None));
        _loops.Add(Task.Run(() => LoopAsync("housekeeping", KeepHouseAsync), CancellationToken.None));
        _sizer.Start();
        _sizer.Touch();
        _events.Record(
            EventSeverity.Info, "engine.started", null, $"{_adopted} servers adopted, {(_sources.Length == 1 ? "1 source" : $"{_sources.Length} sources")}");
    }

    /// <summary>Follows sources that were loaded since.</summary>
    public void AttachSources()
    {
        foreach (var source in _registry.Sources.Where(source => FindWatcher(source.Id) is null))
        {
            var watcher = new SourceWatcher(source, _store, new News(this), _budget, _metrics, _options.SourceRetryTime, _recovered.Task, _timeProvider, _log);
            _sources = _sources.Add(watcher);
            watcher.Start();
        }
    }

    /// <summary>
    /// Stops: no more news, no more work; what is under way may finish within <see cref="EngineOptions.StopTime"/>. Servers run on.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isStopped, 1) == 1)
        {
            return;
        }

        _sizer.Dispose();
        _queue.ShutDown();
        var sources = _sources;
        await Task.WhenAll(sources.Select(source => source.DisposeAsync().AsTask()));
        await _queue.DrainAsync(cancellationToken)
            .WaitAsync(_options.StopTime, _timeProvider, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stop.CancelAsync();
        await Task.WhenAll(_loops.Append(_pool.WhenAllEndedAsync()))
            .WaitAsync(_options.StopTime, _timeProvider, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_startedAt is not null)
        {
            var lasting = _registry.Drivers.Where(driver => driver.Capabilities.SurvivesHostRestart)
                .Select(driver => (driver.Kind, driver.Info.Id))
                .ToHashSet();
            var servers = _state.Networks.SelectMany(network => network.Handles).Where(held => held.Kind != DriverKind.Interface).ToList();
            var stay = servers.Count(held => lasting.Contains((held.Kind, held.Handle.DriverId)));
            var end = servers.Count == stay ? "" : $", {servers.Count - stay} end with the host and are taken up by its next start";
            _events.Record(EventSeverity.Info, "engine.stopped", null, $"{stay} servers run on{end}");
        }

        await _state.DisposeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _queue.Dispose();
        _stop.Dispose();
    }

    /// <summary>Ends at once and writes nothing more: what a crash leaves. For tests.</summary>
    internal async Task CrashAsync()
    {
        await _state.CloseAsync();
        _sizer.Dispose();
        _queue.ShutDown();
        await _stop.CancelAsync();
        await Task.WhenAll(_sources.Select(source => source.DisposeAsync().AsTask()));
    }

    private async Task RecoverAllAsync(CancellationToken cancellationToken)
    {
        var began = _timeProvider.GetTimestamp();
        var networks = _state.Networks;
        foreach (var network in networks)
        {
            var runtime = _table.GetOrAdd(network.Id);
            foreach (var stored in network.Handles)
            {
                runtime.SetUnproven(stored.Key, isUnproven: true);
            }
        }

        var limits = Settings.Limits;
        using var deadline = new CancellationTokenSource(limits.ReconcileTime, _timeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        await Parallel.ForEachAsync(
            networks,
            new ParallelOptions { MaxDegreeOfParallelism = _options.Parallelism, CancellationToken = cancellationToken },
            async (network, _) =>
            {
                // Interfaces first: a server is looked for in its namespace.
                foreach (var stored in network.Handles.OrderBy(stored => stored.Kind))
                {
                    await RecoverOneAsync(_table.GetOrAdd(network.Id), stored, linked.Token);
                }
            });
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var network in _state.Networks.Where(network => !network.Handles.IsEmpty))
        {
            _admission.Adopt(
                network.Id,
                [.. network.Handles.Where(stored => stored.Kind != DriverKind.Interface).Select(stored => (stored.Handle.Server, stored.Kind)).Distinct()]);
        }

        var elapsed = _timeProvider.GetElapsedTime(began);
        LogRecovered(_adopted, networks.Count, elapsed);
    }

    private async Task RecoverOneAsync(NetworkRuntime runtime, StoredHandle stored, CancellationToken cancellationToken)
    {
        try
        {
            var found = await _calls.RecoverAsync(stored, cancellationToken);
            if (found.Outcome == RecoverOutcome.Foreign)
            {
                ReportForeign(runtime.Id, stored, found.Reason);
                return;
            }

            if (found.Outcome == RecoverOutcome.Recovered && stored.Kind != DriverKind.Interface)
            {
                Interlocked.Increment(ref _adopted);
            }

            await _reconciler.ProvedAsync(runtime, stored, found, cancellationToken);
        }
        catch (Exception exception) when (!(exception is OperationCanceledException && _stop.IsCancellationRequested))
        {
            // Not known is not gone: the network's own reconcile asks again before it starts anything.
            _events.Record(
                EventSeverity.Warning,
                "server.unproven",
                runtime.Id,
                $"The driver {stored.Handle.DriverId} could not say what became of {stored.Handle.Server}: {exception.Message}");
        }
    }

    private void ReportForeign(NetworkId id, StoredHandle stored, string? reason) =>
        _events.Record(
            EventSeverity.Error,
            "server.foreign",
            id,
            $"Where the driver {stored.Handle.DriverId} ran something for {stored.Handle.Server} there is something that is not provably "
            + $"ours ({reason}): it is not touched, and nothing is started beside it.");

    /// <summary>
    /// Whether the host died while it set a network up: what it started last may be in no handle, and must be known before another driver
    /// starts something beside it.
    /// </summary>
    private static bool IsInterrupted(StoredNetwork network) => network.Attachments.Any(attachment =>
        new[] { DriverKind.Interface, DriverKind.Dhcp }.Any(
            kind => network.Handles.All(stored => stored.Kind != kind || stored.Handle.Server.SegmentId != attachment.SegmentId)));

    /// <summary>Asks the drivers what they run, where the state file could not say.</summary>
    private async Task DiscoverLostAsync(CancellationToken cancellationToken)
    {
        var lost = (await DiscoverAsync(cancellationToken)).Where(IsOrphan).ToList();
        foreach (var found in lost)
        {
            _state.Update(found.Handle.Server.NetworkId, network => network.With(found));
        }

        if (lost.Count > 0)
        {
            _events.Record(
                EventSeverity.Warning,
                "state.refound",
                null,
                $"{lost.Count} things that run, and of which the state file did not tell, were found again by their drivers");
        }
    }

    private async Task<IReadOnlyList<StoredHandle>> DiscoverAsync(CancellationToken cancellationToken)
    {
        var found = new List<StoredHandle>();
        await _registry.CompleteAsync(cancellationToken);
        foreach (var driver in _registry.Drivers)
        {
            try
            {
                var handles = driver.Kind switch
                {
                    DriverKind.Interface => await DiscoverAsync<IInterfaceDriver>(driver.Info.Id, (one, token) => one.DiscoverAsync(token), cancellationToken),
                    DriverKind.Dhcp => await DiscoverAsync<IDhcpDriver>(driver.Info.Id, (one, token) => one.DiscoverAsync(token), cancellationToken),
                    _ => await DiscoverAsync<IMetadataDriver>(driver.Info.Id, (one, token) => one.DiscoverAsync(token), cancellationToken),
                };
                found.AddRange(handles.Where(handle => handle.DriverId == driver.Info.Id).Select(handle => new StoredHandle(driver.Kind, handle, "")));
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                _events.Record(
                    EventSeverity.Warning, "driver.undiscovered", null, $"The driver {driver.Info.Id} could not say what it runs: {exception.Message}");
            }
        }

        return found;
    }

    private async Task<IReadOnlyList<DriverHandle>> DiscoverAsync<TDriver>(
        DriverId id, Func<TDriver, CancellationToken, Task<IReadOnlyList<DriverHandle>>> discover, CancellationToken cancellationToken)
        where TDriver : class, INetworkDriver
    {
        using var deadline = new CancellationTokenSource(Settings.Limits.ReconcileTime, _timeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        using var lease = await _registry.RentAsync<TDriver>(id, linked.Token);
        return await Task.Run(() => discover(lease.Driver, linked.Token), CancellationToken.None).WaitAsync(linked.Token);
    }

    /// <summary>Runs a loop until the engine stops; one that ends or fails begins again.</summary>
    private async Task LoopAsync(string name, Func<CancellationToken, Task> loop)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await loop(_stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // The boundary to plugins and policies: the loop is begun again, and what went wrong is in the log.
                LogLoopFailed(name, exception);
            }

            await Task.Delay(HousekeepingTime, _timeProvider, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(EventId = 5010, Level = LogLevel.Debug, Message = "{Adopted} servers of {Networks} networks were adopted in {Elapsed}.")]
    private partial void LogRecovered(int adopted, int networks, TimeSpan elapsed);

    [LoggerMessage(EventId = 5011, Level = LogLevel.Error, Message = "The loop of {Name} failed; it begins again.")]
    private partial void LogLoopFailed(string name, Exception exception);
}

using System.Threading.Channels;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Core.Metrics;
using DhcpHost.Core.Reconciling;
using DhcpHost.Core.Retry;
using DhcpHost.Core.Store;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Core.Sources;

/// <summary>
/// Keeps the store in step with one source: opens its watch, lists all, takes in changes, and does it again when the watch ends or a resync is due. A list that
/// fails is tried again with backoff; what the store has stays meanwhile.
/// </summary>
internal sealed partial class SourceWatcher : IAsyncDisposable
{
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan OpenTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly NetworkStore _store;
    private readonly ISourceNews _news;
    private readonly ResyncBudget _budget;
    private readonly EngineMetrics _metrics;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _firstDelay;
    private readonly Task _mayTakeIn;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private List<TaskCompletionSource<string?>> _asking = [];
    private Task _running = Task.CompletedTask;
    private bool _isResyncPending;
    private SourceHealth? _told;
    private SourceHealth _health = new() { IsHealthy = false, Message = "not read yet" };

    /// <param name="source">The source.</param>
    /// <param name="store">What it fills.</param>
    /// <param name="news">Who is told of what came of it.</param>
    /// <param name="budget">How often all may be read.</param>
    /// <param name="metrics">The instruments.</param>
    /// <param name="firstDelay">How long to wait after the first failure.</param>
    /// <param name="mayTakeIn">Before its end the source is followed and asked, and nothing that it says is taken in.</param>
    /// <param name="timeProvider">Time.</param>
    /// <param name="log">Logs.</param>
    public SourceWatcher(
        INetworkSource source,
        NetworkStore store,
        ISourceNews news,
        ResyncBudget budget,
        EngineMetrics metrics,
        TimeSpan firstDelay,
        Task mayTakeIn,
        TimeProvider timeProvider,
        ILogger log)
    {
        (Source, _store, _news, _budget, _metrics, _timeProvider, _log) = (source, store, news, budget, metrics, timeProvider, log);
        (_firstDelay, _mayTakeIn) = (firstDelay, mayTakeIn);
        Id = source.Id;
        Reporter = new(source, timeProvider, log);
    }

    public INetworkSource Source { get; }

    public PluginId Id { get; }

    public ReadyReporter Reporter { get; }

    /// <summary>The source's health, as it told last, or as the host found it.</summary>
    public SourceHealth Health => Volatile.Read(ref _health);

    /// <summary>Whether all of it was ever taken into the store since the host started.</summary>
    public bool WasRead { get; private set; }

    /// <summary>Whether, after that, all of it was put in the queue.</summary>
    public bool HasListed { get; private set; }

    /// <summary>Whether the last list went well, and how many networks it had.</summary>
    public int? LastListCount { get; private set; }

    public void Start() => _running = Task.Run(() => RunAsync(_stop.Token), CancellationToken.None);

    /// <summary>Has all read anew, soon. The answer is what went wrong; <c>null</c> where nothing did.</summary>
    public Task<string?> ListAsync()
    {
        var asking = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _asking.Add(asking);
        }

        _wanted.Writer.TryWrite(true);
        return asking.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(StopTime, _timeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Answer("the host stops");
        await Reporter.DisposeAsync();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        var delay = _firstDelay;
        try
        {
            while (true)
            {
                var listed = await WatchOnceAsync(stop);
                delay = listed ? _firstDelay : Longer(delay);
                await Task.Delay(delay, _timeProvider, stop);
                await SpendAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            LogStopped(Id);
        }
    }

    /// <summary>From the opening of a watch to its end. True where a list went well meanwhile.</summary>
    private async Task<bool> WatchOnceAsync(CancellationToken stop)
    {
        using var round = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var pump = Task.Run(() => PumpAsync(opened, round.Token), CancellationToken.None);
        var hasListed = false;
        try
        {
            // The first event shows that the watch is open, so that nothing falls between it and the list. A source that tells none gets a moment.
            await Task.WhenAny(opened.Task, pump, Task.Delay(OpenTime, _timeProvider, round.Token));
            var delay = _firstDelay;
            while (!pump.IsCompleted)
            {
                var isListed = await ListOnceAsync(delay, stop);
                hasListed |= isListed;
                if (isListed)
                {
                    delay = _firstDelay;
                    await Task.WhenAny(pump, _wanted.Reader.WaitToReadAsync(round.Token).AsTask());
                }
                else
                {
                    await Task.WhenAny(pump, Task.Delay(delay, _timeProvider, round.Token), _wanted.Reader.WaitToReadAsync(round.Token).AsTask());
                    delay = Longer(delay);
                }

                stop.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            await round.CancelAsync();
            await pump.WaitAsync(StopTime, _timeProvider, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return hasListed;
    }

    private async Task<bool> ListOnceAsync(TimeSpan delay, CancellationToken stop)
    {
        while (_wanted.Reader.TryRead(out _))
        {
            // Whoever asked before now is served by this list.
        }

        List<TaskCompletionSource<string?>> asking;
        lock (_lock)
        {
            (asking, _asking) = (_asking, []);
        }

        try
        {
            var begun = _store.BeginList();
            var answer = Task.Run(() => Source.ListAsync(stop), CancellationToken.None).WaitAsync(stop);
            await Task.WhenAny(answer);
            await _mayTakeIn.WaitAsync(stop);
            var networks = await answer;
            var result = _store.PutList(Id, networks, begun);
            _metrics.Resyncs.Add(1);
            (LastListCount, WasRead) = (networks.Count, true);
            var isFirst = !HasListed;
            SetHealth(_told ?? new() { IsHealthy = true, Message = "it can be read" });
            _news.Listed(this, result, isFirst);

            // Only now: whoever sees it knows that the list's networks are in the queue.
            HasListed = true;
            asking.ForEach(one => one.SetResult(null));
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            LastListCount = null;
            SetHealth(new() { IsHealthy = false, Message = $"it cannot be read: {exception.Message}" });
            LogListFailed(Id, delay, exception);
            _news.ListFailed(this, exception.Message, delay);
            asking.ForEach(one => one.SetResult(exception.Message));
            return false;
        }
        finally
        {
            asking.ForEach(one => one.TrySetResult("the host stops"));
        }
    }

    private async Task PumpAsync(TaskCompletionSource opened, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var item in Source.WatchAsync(cancellationToken))
            {
                opened.TrySetResult();
                await _mayTakeIn.WaitAsync(cancellationToken);
                TakeIn(item, cancellationToken);
            }

            LogWatchEnded(Id);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogWatchFailed(Id, exception);
            await _mayTakeIn.WaitAsync(cancellationToken);
            SetHealth(new() { IsHealthy = false, Message = $"its changes cannot be followed: {exception.Message}" });
        }
    }

    private void TakeIn(SourceEvent item, CancellationToken cancellationToken)
    {
        switch (item)
        {
            case SourceEvent.HealthChanged changed:
                _told = changed.Health;
                SetHealth(changed.Health);
                break;
            case SourceEvent.ResyncNeeded needed:
                LogResyncNeeded(Id, needed.Reason);
                if (Interlocked.Exchange(ref _isResyncPending, true) == false)
                {
                    _ = ListWithinBudgetAsync(cancellationToken);
                }

                break;
            case SourceEvent.NetworkRemoved removed:
                switch (_store.Remove(Id, removed.NetworkId))
                {
                    case StoreChange.Removed:
                        _news.Removed(this, removed.NetworkId);
                        break;
                    case StoreChange.Added:
                        // Another source's claim took its place.
                        _news.Changed(this, removed.NetworkId, Queue.WorkPriority.Live, []);
                        break;
                }

                break;
            case SourceEvent.NetworkChanged { Snapshot: null } changed:
                _store.MarkStale(Id, changed.NetworkId);
                _news.Changed(this, changed.NetworkId, changed.Priority, changed.AwaitedPorts);
                break;
            case SourceEvent.NetworkChanged { Snapshot: { } snapshot } changed:
                switch (_store.Put(Id, snapshot))
                {
                    case StoreChange.Added or StoreChange.Changed:
                        _news.Changed(this, snapshot.Id, changed.Priority, changed.AwaitedPorts);
                        break;
                    case StoreChange.Claimed:
                        _news.Claimed(this, snapshot.Id);
                        break;
                    case StoreChange.Unchanged or StoreChange.Stale when !changed.AwaitedPorts.IsEmpty:
                        _news.Changed(this, snapshot.Id, changed.Priority, changed.AwaitedPorts);
                        break;
                }

                break;
        }
    }

    private async Task ListWithinBudgetAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SpendAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The watch ended meanwhile: the next one begins with a list.
        }

        Volatile.Write(ref _isResyncPending, false);
        _wanted.Writer.TryWrite(true);
    }

    /// <summary>Waits until the budget of resyncs allows one: what a source needs is put off, never dropped.</summary>
    private async Task SpendAsync(CancellationToken cancellationToken)
    {
        while (!_budget.TryTake(out var wait))
        {
            _metrics.LimitReached("resyncs_per_minute");
            await Task.Delay(wait, _timeProvider, cancellationToken);
        }
    }

    private void Answer(string problem)
    {
        lock (_lock)
        {
            _asking.ForEach(one => one.TrySetResult(problem));
            _asking.Clear();
        }
    }

    private void SetHealth(SourceHealth health)
    {
        if (Interlocked.Exchange(ref _health, health) != health)
        {
            _news.HealthChanged(this);
        }
    }

    private static TimeSpan Longer(TimeSpan delay) => delay * 2 < MaxDelay ? delay * 2 : MaxDelay;

    [LoggerMessage(EventId = 5040, Level = LogLevel.Error, Message = "Source {Source} cannot be read; it is tried again in {Delay}.")]
    private partial void LogListFailed(PluginId source, TimeSpan delay, Exception exception);

    [LoggerMessage(EventId = 5041, Level = LogLevel.Warning, Message = "Source {Source} cannot be followed; its watch is opened again.")]
    private partial void LogWatchFailed(PluginId source, Exception exception);

    [LoggerMessage(EventId = 5042, Level = LogLevel.Information, Message = "Source {Source} ended its watch; it is opened again.")]
    private partial void LogWatchEnded(PluginId source);

    [LoggerMessage(EventId = 5043, Level = LogLevel.Information, Message = "Source {Source} asks to be read anew: {Reason}")]
    private partial void LogResyncNeeded(PluginId source, string reason);

    [LoggerMessage(EventId = 5044, Level = LogLevel.Debug, Message = "Source {Source} is not followed any more.")]
    private partial void LogStopped(PluginId source);
}

using System.Diagnostics.CodeAnalysis;

namespace DhcpHost.Core.Queue;

/// <summary>
/// Keys that need work, in the manner of Kubernetes' controller queues: a key added many times is one piece of work; a key is never with two workers;
/// a key added while it is worked on is handed out once more afterwards. A higher priority goes first, and within one priority the first that became ready.
/// </summary>
/// <remarks>
/// Adding a key that is queued takes the higher of both priorities and the earlier of both times: a key that waits for a retry is freed by an immediate add.
/// A raised priority puts the key at the end of its new level. Times are monotonic: a step of the wall clock moves nothing. Thread-safe.
/// </remarks>
/// <typeparam name="TKey">What is worked on.</typeparam>
public sealed partial class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    // A timer that was missed (suspend, a clock source that stalls) is made good after this.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Soonest = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly TimeProvider _timeProvider;
    private readonly IWorkQueueMeter? _meter;
    private readonly ITimer _timer;

    // Every key that needs work. Its item is in exactly one of: _ready, _waiting, or neither ("held": ready, but its key is in _processing).
    private readonly Dictionary<TKey, Item> _dirty;
    private readonly SortedSet<Item> _ready = new(Comparer<Item>.Create(CompareReady));
    private readonly SortedSet<Item> _waiting = new(Comparer<Item>.Create(CompareWaiting));
    private readonly Dictionary<TKey, long> _processing;
    private readonly LinkedList<TaskCompletionSource<WorkItem<TKey>?>> _workers = [];
    private readonly List<TaskCompletionSource> _drained = [];
    private long _order;
    private bool _isShutDown;

    /// <summary>An empty queue.</summary>
    public WorkQueue(TimeProvider timeProvider, IWorkQueueMeter? meter = null, IEqualityComparer<TKey>? comparer = null)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        _timeProvider = timeProvider;
        _meter = meter;
        _dirty = new(comparer);
        _processing = new(comparer);
        _timer = timeProvider.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The queue in numbers.</summary>
    public WorkQueueSnapshot Snapshot
    {
        get
        {
            lock (_lock)
            {
                var longest = _processing.Count == 0 ? TimeSpan.Zero : _timeProvider.GetElapsedTime(_processing.Values.Min());
                return new(_ready.Count, _waiting.Count, _processing.Count, longest);
            }
        }
    }

    /// <summary>Says that a key needs work now. False where the queue is shut down: then it is ignored.</summary>
    public bool Add(TKey key, int priority = WorkPriority.Live) => AddAfter(key, TimeSpan.Zero, priority);

    /// <summary>Says that a key needs work after a delay, or sooner if it is added again. False where the queue is shut down.</summary>
    public bool AddAfter(TKey key, TimeSpan delay, int priority = WorkPriority.Live)
    {
        var handedOut = new List<TimeSpan>(0);
        lock (_lock)
        {
            if (_isShutDown)
            {
                return false;
            }

            var now = _timeProvider.GetTimestamp();
            var readyAt = delay <= TimeSpan.Zero ? now : Later(now, delay);
            if (_dirty.TryGetValue(key, out var item))
            {
                Merge_NeedsLock(item, priority, readyAt, now);
            }
            else
            {
                item = new Item(key, priority) { ReadyAt = readyAt };
                _dirty.Add(key, item);
                Place_NeedsLock(item, now);
            }

            HandOut_NeedsLock(handedOut);
            Schedule_NeedsLock(now);
        }

        _meter?.Added();
        Measure(handedOut);
        return true;
    }

    /// <summary>Waits for the next key. <c>null</c> once the queue is shut down.</summary>
    /// <exception cref="OperationCanceledException">The wait was given up; no key is lost by it.</exception>
    public async ValueTask<WorkItem<TKey>?> GetAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var handedOut = new List<TimeSpan>(1);
        var worker = new TaskCompletionSource<WorkItem<TKey>?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_isShutDown)
            {
                return null;
            }

            _workers.AddLast(worker);
            HandOut_NeedsLock(handedOut);
        }

        Measure(handedOut);
        if (worker.Task.IsCompleted)
        {
            return await worker.Task;
        }

        await using var registration = cancellationToken.Register(() =>
        {
            lock (_lock)
            {
                // Whoever takes the worker out of the list decides: a worker that was given a key returns it in spite of the cancellation.
                if (_workers.Remove(worker))
                {
                    worker.SetCanceled(cancellationToken);
                }
            }
        });
        return await worker.Task;
    }

    /// <summary>Gives a key back. If it was added meanwhile it is ready at once. Call it in a <c>finally</c>.</summary>
    /// <exception cref="InvalidOperationException">The key was not handed out.</exception>
    public void Done(TKey key)
    {
        var handedOut = new List<TimeSpan>(0);
        TimeSpan worked;
        lock (_lock)
        {
            if (!_processing.Remove(key, out var since))
            {
                throw new InvalidOperationException($"Nobody works on '{key}'.");
            }

            worked = _timeProvider.GetElapsedTime(since);
            if (_dirty.TryGetValue(key, out var item) && item.IsHeld)
            {
                item.IsHeld = false;
                _ready.Add(item);
                HandOut_NeedsLock(handedOut);
            }

            Drained_NeedsLock();
        }

        _meter?.Finished(worked);
        Measure(handedOut);
    }

    /// <summary>Ends the wait of a key for its retry. A key that is ready stays ready. True where there was a wait.</summary>
    public bool Forget(TKey key)
    {
        lock (_lock)
        {
            if (!_dirty.TryGetValue(key, out var item) || !_waiting.Remove(item))
            {
                return false;
            }

            _dirty.Remove(key);
            return true;
        }
    }

    /// <summary>
    /// Drops what is queued, takes nothing more, and tells waiting workers so. What workers have is theirs until <see cref="Done"/>.
    /// </summary>
    public void ShutDown()
    {
        lock (_lock)
        {
            _isShutDown = true;
            _dirty.Clear();
            _ready.Clear();
            _waiting.Clear();
            foreach (var worker in _workers)
            {
                worker.SetResult(null);
            }

            _workers.Clear();
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Drained_NeedsLock();
        }
    }

    /// <summary>Completes when the queue is shut down and no worker has a key any more.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _drained.Add(drained);
            Drained_NeedsLock();
        }

        await drained.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Shuts it down.</summary>
    [SuppressMessage("Usage", "CA1816", Justification = "Sealed, without a finalizer.")]
    public void Dispose()
    {
        ShutDown();
        _timer.Dispose();
    }
}

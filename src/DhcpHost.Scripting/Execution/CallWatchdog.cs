using System.Diagnostics;

namespace DhcpHost.Scripting.Execution;

/// <summary>
/// Sees to it that policy calls end. A call only writes down its deadline; one thread looks at all of them while there are any, and sleeps
/// otherwise. It is a thread of its own because runaway scripts may hold all threads of the pool.
/// </summary>
/// <remarks>Real time, not a TimeProvider's: it stops code that really runs.</remarks>
internal sealed class CallWatchdog : IDisposable
{
    private const int TickMilliseconds = 5;
    private const int IdleTicksBeforeSleep = 200;
    private static readonly long StuckTicks = Stopwatch.Frequency;

    private readonly ThreadLocal<CallSlot> _current;
    private readonly List<CallSlot> _slots = [];
    private readonly Lock _slotsLock = new();
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly HashSet<GuardedCode> _looked = [];
    private readonly HashSet<GuardedCode> _running = [];
    private readonly long _maxBytes;
    private long _limitTicks;
    private int _isArmed;
    private volatile bool _isDisposed;

    /// <param name="limit"><c>limits.policy_time</c>.</param>
    /// <param name="maxBytes">What a call may allocate.</param>
    public CallWatchdog(TimeSpan limit, long maxBytes)
    {
        SetLimit(limit);
        _maxBytes = maxBytes;
        _current = new(AddSlot);
        new Thread(Run) { IsBackground = true, Name = "script watchdog", Priority = ThreadPriority.AboveNormal }.Start();
    }

    /// <summary>Changes the time of calls that begin from now on.</summary>
    public void SetLimit(TimeSpan limit) => Volatile.Write(ref _limitTicks, (long)(limit.TotalSeconds * Stopwatch.Frequency));

    /// <summary>Marks the begin of a call on this thread; <see cref="CallSlot.End"/> marks its end.</summary>
    public CallSlot Begin(GuardedCode code)
    {
        var slot = _current.Value!;
        slot.Begin(code, Volatile.Read(ref _limitTicks), _maxBytes);
        // The slot is written before the flag is read, as the watchdog clears the flag before it reads the slots: one of both sees the other.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isArmed) == 0 && Interlocked.Exchange(ref _isArmed, 1) == 0 && !_isDisposed)
        {
            _ = _wake.Set();
        }

        return slot;
    }

    /// <summary>For the guards of scripts: looks at this thread's call.</summary>
    public void Look() => _current.Value!.Look();

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        _ = _wake.Set();
    }

    private CallSlot AddSlot()
    {
        var slot = new CallSlot();
        lock (_slotsLock)
        {
            _ = _slots.RemoveAll(other => !other.IsAlive);
            _slots.Add(slot);
        }

        return slot;
    }

    private void Run()
    {
        var idle = 0;
        while (!_isDisposed)
        {
            idle = Tick() ? 0 : idle + 1;
            if (idle < IdleTicksBeforeSleep)
            {
                _ = _wake.WaitOne(TickMilliseconds);
                continue;
            }

            idle = 0;
            _ = Interlocked.Exchange(ref _isArmed, 0);
            if (!Tick())
            {
                _ = _wake.WaitOne();
            }
        }
    }

    /// <summary>Makes the guards of all calls under way look, and of no others. Returns whether there are any.</summary>
    private bool Tick()
    {
        _running.Clear();
        lock (_slotsLock)
        {
            foreach (var slot in _slots)
            {
                if (slot.Code is { } code && slot.Deadline is > 0 and var deadline)
                {
                    _ = _running.Add(code);
                    if (Stopwatch.GetTimestamp() > deadline + StuckTicks)
                    {
                        code.MarkStuck(slot);
                    }
                }
            }
        }

        foreach (var code in _looked.Where(code => !_running.Contains(code)))
        {
            code.SetLook(false);
        }

        _looked.IntersectWith(_running);
        foreach (var code in _running)
        {
            code.SetLook(true);
            _ = _looked.Add(code);
        }

        var isBusy = _running.Count > 0;
        // Nothing here may keep a script's code in memory.
        _running.Clear();
        return isBusy;
    }
}

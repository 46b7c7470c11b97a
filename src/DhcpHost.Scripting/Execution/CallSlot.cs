using System.Diagnostics;

namespace DhcpHost.Scripting.Execution;

/// <summary>One thread's call of a policy script, where the watchdog sees it.</summary>
internal sealed class CallSlot
{
    private readonly Thread _thread = Thread.CurrentThread;
    private long _deadline;
    private long _maxAllocated;
    private GuardedCode? _code;

    /// <summary>When the call has to be over, as a time stamp; 0 while there is none.</summary>
    public long Deadline => Volatile.Read(ref _deadline);

    /// <summary>What it calls.</summary>
    public GuardedCode? Code => Volatile.Read(ref _code);

    /// <summary>Whether its thread may call again.</summary>
    public bool IsAlive => _thread.IsAlive;

    /// <summary>Which thread, for a message.</summary>
    public int ThreadId => _thread.ManagedThreadId;

    public void Begin(GuardedCode code, long limitTicks, long maxBytes)
    {
        _maxAllocated = GC.GetAllocatedBytesForCurrentThread() + maxBytes;
        Volatile.Write(ref _code, code);
        Volatile.Write(ref _deadline, Stopwatch.GetTimestamp() + limitTicks);
    }

    public void End()
    {
        Volatile.Write(ref _deadline, 0);
        // The slot outlives the script: it must not keep its code in memory.
        Volatile.Write(ref _code, null);
    }

    /// <summary>Called by the guard, on the call's own thread: throws once it has used up its time or memory.</summary>
    public void Look()
    {
        if (_deadline == 0)
        {
            return;
        }

        if (Stopwatch.GetTimestamp() > _deadline)
        {
            throw new ScriptStoppedException("it took longer than limits.policy_time and was stopped; look for a loop that does not end");
        }

        if (GC.GetAllocatedBytesForCurrentThread() > _maxAllocated)
        {
            throw new ScriptStoppedException("it allocated more than scripts.call_memory in one call and was stopped; look for a list that only grows");
        }
    }
}

using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Processes;

/// <summary>How soon a thread runs after what it waits for has come (sched(7)). Where the host may not say so, a thread waits its turn as all do.</summary>
internal static class ThreadUrgency
{
    private const uint Other = 0;
    private const uint Fifo = 1;
    private const ulong ResetOnFork = 1;
    private const int Nice = -10;
    private const uint ThisThread = 0;

    /// <summary>
    /// Has the calling thread run at once whenever it can (SCHED_FIFO, the least priority of it), whoever else has the processor: for one that does
    /// next to nothing each time, that somebody waits for. It takes CAP_SYS_NICE or RLIMIT_RTPRIO.
    /// </summary>
    internal static void Raise() => Set(new() { Policy = Fifo, Priority = 1 });

    /// <summary>
    /// Lets the calling thread go before others (nice -10), unless the host was told how it is to run itself: for one that has little to do, that many wait
    /// for. What it starts runs as if nothing had been said. It takes CAP_SYS_NICE or RLIMIT_NICE.
    /// </summary>
    internal static void Prefer()
    {
        if (Libc.getpriority(Libc.PRIO_PROCESS, ThisThread) == 0)
        {
            Set(new() { Policy = Other, Flags = ResetOnFork, Nice = Nice });
        }
    }

    private static unsafe void Set(SchedulingAttributes attributes)
    {
        attributes.Size = SchedulingAttributes.SizeOfStruct;
        _ = Libc.sched_setattr(&attributes);
    }
}

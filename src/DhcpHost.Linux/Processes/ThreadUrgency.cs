using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Processes;

/// <summary>How soon a thread runs after what it waits for has come.</summary>
internal static class ThreadUrgency
{
    private const uint Fifo = 1;

    /// <summary>
    /// Has the calling thread run at once whenever it can (SCHED_FIFO, the least priority of it), whoever else has the processor: for one that does
    /// next to nothing each time, that somebody waits for. It takes CAP_SYS_NICE; where it is refused, the thread waits its turn as all do.
    /// </summary>
    internal static unsafe void Raise()
    {
        var attributes = new SchedulingAttributes { Size = SchedulingAttributes.SizeOfStruct, Policy = Fifo, Priority = 1 };
        _ = Libc.sched_setattr(&attributes);
    }
}

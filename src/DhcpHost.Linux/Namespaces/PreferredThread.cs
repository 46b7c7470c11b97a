using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Namespaces;

/// <summary>
/// Lets the calling thread go before others. A broker's thread has little to do, many wait for it, and a child that it started has to be limited before it
/// gives up root's rights. What it starts runs as if nothing had been said (SCHED_RESET_ON_FORK of sched(7)).
/// </summary>
internal static class PreferredThread
{
    private const int Nice = -10;

    /// <summary>Does nothing where the host may not (CAP_SYS_NICE), or was told how it is to run itself.</summary>
    internal static unsafe void Enter()
    {
        const uint ThisThread = 0;
        var priority = 0;
        if (Libc.getpriority(Libc.PRIO_PROCESS, ThisThread) == 0
            && Libc.sched_setscheduler((int)ThisThread, Libc.SCHED_OTHER | Libc.SCHED_RESET_ON_FORK, &priority) == 0)
        {
            _ = Libc.setpriority(Libc.PRIO_PROCESS, ThisThread, Nice);
        }
    }
}

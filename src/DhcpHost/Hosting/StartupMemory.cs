using DhcpHost.Core.Engine;
using DhcpHost.Linux.Processes;

namespace DhcpHost.Hosting;

/// <summary>
/// Gives back, once, what only the start needed: reading, binding and planning all networks at once leaves a heap several times as large as
/// what stays.
/// </summary>
internal static class StartupMemory
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Waits for the first sync, then compacts the heap, and returns to the kernel what is free, and pages of code.</summary>
    public static async Task ReleaseAsync(IEngine engine, TimeProvider time, CancellationToken cancellationToken)
    {
        var mapped = new MappedFiles();
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (engine.Status.IsSynced)
            {
                _ = mapped.Release();
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                NativeHeap.Trim();
                return;
            }
        }
    }
}

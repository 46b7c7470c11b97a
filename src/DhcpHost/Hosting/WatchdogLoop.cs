using DhcpHost.Linux.Systemd;

namespace DhcpHost.Hosting;

/// <summary>
/// Tells systemd that the host lives, as long as it does: a thread pool that no longer runs work, or an engine that no longer answers, is
/// silence.
/// </summary>
internal sealed class WatchdogLoop(SystemdNotifier notifier, Func<bool> isAlive, TimeProvider time)
{
    /// <summary>Runs until the token; returns at once where systemd wants no signs.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (notifier.WatchdogTimeout is not { } timeout)
        {
            return;
        }

        using var timer = new PeriodicTimer(timeout / 3, time);
        try
        {
            do
            {
                if (isAlive())
                {
                    notifier.Watchdog();
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }
}

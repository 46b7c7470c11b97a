using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Processes;

/// <summary>The health of a driver that runs a program: it is healthy as long as the program is there and can be described.</summary>
public static class ProgramHealth
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    /// <summary>Tells the driver's events, the health first, and again whenever it is another one.</summary>
    /// <param name="events">Of the driver; an event of health in it is a wish to look, and is not told itself.</param>
    /// <param name="directories">Where programs are: whatever changes there may be a new version.</param>
    /// <param name="describe">Says which program it is, or fails with what is wrong.</param>
    /// <param name="loop">Where the kernel's notices come in.</param>
    /// <param name="timeProvider">Time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async IAsyncEnumerable<DriverEvent> WatchAsync(
        Channel<DriverEvent> events, IEnumerable<string> directories, Func<CancellationToken, Task<string>> describe,
        EpollLoop loop, TimeProvider timeProvider, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(describe);

        // Before the first look: what changes after it is told.
        using var watch = new ProgramWatch(directories, loop, Quiet, timeProvider, events.Writer);
        var health = await CheckAsync(describe, cancellationToken);
        yield return new DriverEvent.HealthChanged(health);
        await foreach (var notice in events.Reader.ReadAllAsync(cancellationToken))
        {
            if (notice is not DriverEvent.HealthChanged)
            {
                yield return notice;
            }
            else if (await CheckAsync(describe, cancellationToken) is var now && now != health)
            {
                health = now;
                yield return new DriverEvent.HealthChanged(health);
            }
        }
    }

    private static async Task<DriverHealth> CheckAsync(Func<CancellationToken, Task<string>> describe, CancellationToken cancellationToken)
    {
        try
        {
            return new(true, await describe(cancellationToken));
        }
        catch (Exception e) when (e is DhcpHostException or LinuxException or IOException or UnauthorizedAccessException)
        {
            return new(false, e.Message);
        }
    }
}

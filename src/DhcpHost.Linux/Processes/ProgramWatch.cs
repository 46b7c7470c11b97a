using System.Threading.Channels;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Processes;

/// <summary>
/// Asks for a look at the program's health whenever something changes where programs are: it may have been installed, updated or removed.
/// </summary>
internal sealed class ProgramWatch : IDisposable
{
    private static readonly DriverEvent Look = new DriverEvent.HealthChanged(new(false, ""));

    private readonly List<DirectoryWatcher> _watchers = [];

    /// <summary>Begins to watch.</summary>
    /// <param name="directories">Where programs are.</param>
    /// <param name="loop">Where the kernel's notices come in.</param>
    /// <param name="quiet">How long nothing has to change before it is told.</param>
    /// <param name="timeProvider">Time.</param>
    /// <param name="events">Gets an event of health that says nothing: a wish to look.</param>
    public ProgramWatch(IEnumerable<string> directories, EpollLoop loop, TimeSpan quiet, TimeProvider timeProvider, ChannelWriter<DriverEvent> events)
    {
        foreach (var directory in directories)
        {
            try
            {
                var watcher = new DirectoryWatcher(loop, directory, quiet, timeProvider);
                _watchers.Add(watcher);
                _ = TellAsync(watcher, events);
            }
            catch (LinuxException)
            {
                // No watches are left, or the directory went: every apply looks at the program itself.
            }
        }
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => _watchers.ForEach(watcher => watcher.Dispose());

    private static async Task TellAsync(DirectoryWatcher watcher, ChannelWriter<DriverEvent> events)
    {
        await foreach (var change in watcher.ReadAllAsync(CancellationToken.None))
        {
            if (!events.TryWrite(Look))
            {
                return;
            }
        }
    }
}

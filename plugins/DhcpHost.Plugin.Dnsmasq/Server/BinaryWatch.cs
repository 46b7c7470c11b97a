using System.Threading.Channels;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Plugin.Dnsmasq.Server;

/// <summary>
/// Asks for a look at the program's health whenever something changes where programs are: it may have been installed, updated or removed.
/// </summary>
internal sealed class BinaryWatch : IDisposable
{
    private static readonly DriverEvent Look = new DriverEvent.HealthChanged(new(false, ""));

    private readonly List<DirectoryWatcher> _watchers = [];

    public BinaryWatch(BinaryProbe binaries, EpollLoop loop, TimeSpan quiet, TimeProvider timeProvider, ChannelWriter<DriverEvent> events)
    {
        foreach (var directory in binaries.Directories())
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

using System.Threading.Channels;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugins.Supervision;

/// <summary>Tells when something in the plugin directories and folders may have changed. A hint: who is told looks at everything.</summary>
internal sealed partial class FolderWatches(TimeProvider timeProvider, ILogger logger) : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(300);
    private readonly EpollLoop _loop = new("dhcphost-plugins");
    private readonly Dictionary<string, DirectoryWatcher> _watchers = new(StringComparer.Ordinal);
    private readonly Channel<bool> _hints = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Watches these directories and no others. A new one is a hint too: nobody saw what happened in it just before.</summary>
    public void Follow(IReadOnlyCollection<string> directories)
    {
        lock (_watchers)
        {
            foreach (var gone in _watchers.Keys.Except(directories).ToList())
            {
                _watchers[gone].Dispose();
                _ = _watchers.Remove(gone);
            }

            foreach (var directory in directories.Where(directory => !_watchers.ContainsKey(directory)))
            {
                try
                {
                    var watcher = new DirectoryWatcher(_loop, directory, Quiet, timeProvider);
                    _watchers.Add(directory, watcher);
                    _ = Task.Run(() => ListenAsync(directory, watcher));
                    _ = _hints.Writer.TryWrite(true);
                }
                catch (LinuxException exception)
                {
                    LogNotWatched(directory, exception.Message);
                }
            }
        }
    }

    /// <summary>Waits for a hint, at most so long.</summary>
    public async Task WaitAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(time, timeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            if (await _hints.Reader.WaitToReadAsync(both.Token))
            {
                _ = _hints.Reader.TryRead(out _);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nobody told anything; the caller looks all the same.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        Follow([]);
        _loop.Dispose();
        _stop.Dispose();
    }

    private async Task ListenAsync(string directory, DirectoryWatcher watcher)
    {
        try
        {
            await foreach (var change in watcher.ReadAllAsync(_stop.Token))
            {
                _ = change.IsGone || _hints.Writer.TryWrite(true);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }

        // The directory was taken away or moved; one of the same name may be there by now.
        lock (_watchers)
        {
            if (_watchers.TryGetValue(directory, out var current) && current == watcher)
            {
                _ = _watchers.Remove(directory);
                watcher.Dispose();
            }
        }

        _ = _hints.Writer.TryWrite(true);
    }

    [LoggerMessage(3030, LogLevel.Warning, "{Directory} is not watched, and is only looked at now and then: {Reason}")]
    private partial void LogNotWatched(string directory, string reason);
}

using System.Threading.Channels;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Files;

/// <summary>
/// Tells when something in any of several directories may have changed. A hint: who is told looks at everything, and now and then without being told.
/// </summary>
/// <param name="loop">Whose thread reads the events; stays the caller's.</param>
/// <param name="quiet">How long nothing must happen in a directory before a change is told.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="refused">Told once of each directory that cannot be watched: its path, and why. It is tried again at each <see cref="Follow"/>.</param>
public sealed class DirectoryWatches(EpollLoop loop, TimeSpan quiet, TimeProvider timeProvider, Action<string, string> refused) : IDisposable
{
    private readonly Dictionary<string, DirectoryWatcher> _watchers = new(StringComparer.Ordinal);
    private readonly Channel<bool> _hints = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Watches these directories and no others. A new one is a hint too: nobody saw what happened in it just before.</summary>
    public void Follow(IReadOnlyCollection<string> directories)
    {
        ArgumentNullException.ThrowIfNull(directories);
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
                    var watcher = new DirectoryWatcher(loop, directory, quiet, timeProvider);
                    _watchers.Add(directory, watcher);
                    _ = _refused.Remove(directory);
                    _ = Task.Run(() => ListenAsync(directory, watcher));
                    _ = _hints.Writer.TryWrite(true);
                }
                catch (LinuxException exception)
                {
                    if (_refused.Add(directory))
                    {
                        refused(directory, exception.Message);
                    }
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
}

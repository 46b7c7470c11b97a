using System.Collections.Immutable;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Files;

internal sealed partial class FilesNetworkSource
{
    private static readonly TimeSpan WatchAgainAfter = TimeSpan.FromSeconds(1);

    private bool _saidNotWatched;

    /// <summary>
    /// Keeps the watch going until it is stopped. What nobody expected is logged whole and shown as bad health, not the end of all changes.
    /// </summary>
    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await WatchDirectoryAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogFailed(exception, _options.Directory);
                Publish(Current with { Health = new() { IsHealthy = false, Message = $"{_options.Directory} cannot be followed: {exception.Message}" } });
                await Task.Delay(WatchAgainAfter, _timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>
    /// Watches the directory anew at each full scan: it may be another one than the one that is watched, behind a symbolic link that was changed.
    /// </summary>
    private async Task WatchDirectoryAsync(CancellationToken cancellationToken)
    {
        using var loop = new EpollLoop("dhcphost-files");
        long? lastScan = null;
        while (true)
        {
            using var watcher = TryWatch(loop);
            if (watcher is not null || lastScan is null || _timeProvider.GetElapsedTime(lastScan.Value) >= _options.RescanInterval)
            {
                lastScan = _timeProvider.GetTimestamp();
                await ScanAsync(names: null, cancellationToken);
            }

            if (watcher is null)
            {
                await Task.Delay(Recheck(WatchAgainAfter), _timeProvider, cancellationToken);
                await ScanAsync([], cancellationToken);
            }
            else
            {
                await FollowAsync(watcher, lastScan!.Value, cancellationToken);
            }
        }
    }

    /// <summary>A watcher, or <c>null</c> where the directory cannot be watched now: then only time tells.</summary>
    private DirectoryWatcher? TryWatch(EpollLoop loop)
    {
        try
        {
            // Nothing to wait for: only files that are complete are told.
            var watcher = new DirectoryWatcher(loop, _directory, TimeSpan.Zero, _timeProvider, onlyComplete: true);
            _saidNotWatched = false;
            return watcher;
        }
        catch (LinuxException exception)
        {
            if (!_saidNotWatched)
            {
                LogNotWatched(_options.Directory, exception.Message);
                _saidNotWatched = true;
            }

            return null;
        }
    }

    /// <summary>Reads what the watcher tells, until the next full scan is due or the directory is gone.</summary>
    private async Task FollowAsync(DirectoryWatcher watcher, long lastScan, CancellationToken cancellationToken)
    {
        var changes = watcher.ReadAllAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var next = changes.MoveNextAsync().AsTask();
        try
        {
            while (_options.RescanInterval - _timeProvider.GetElapsedTime(lastScan) is var left && left > TimeSpan.Zero)
            {
                if (!await IsWithinAsync(next, Recheck(left), cancellationToken))
                {
                    await ScanAsync([], cancellationToken);
                    continue;
                }

                if (!await next || changes.Current.IsGone)
                {
                    return;
                }

                var change = changes.Current;
                next = changes.MoveNextAsync().AsTask();
                await ScanAsync(change.MustRescan ? null : change.Names, cancellationToken);
            }
        }
        finally
        {
            // The enumerator may be disposed only when no move is under way; the watcher's end ends it.
            watcher.Dispose();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await changes.DisposeAsync();
        }
    }

    private async Task<bool> IsWithinAsync(Task task, TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(wait, _timeProvider, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>The time until files that were left for later are due, but at most a given one.</summary>
    private TimeSpan Recheck(TimeSpan longest)
    {
        var ticks = Volatile.Read(ref _recheckTicks);
        return ticks >= 0 && ticks < longest.Ticks ? TimeSpan.FromTicks(ticks) : longest;
    }

    private void LogChanges(ImmutableArray<SourceEvent> changes, SourceHealth earlier)
    {
        foreach (var change in changes)
        {
            switch (change)
            {
                case SourceEvent.NetworkRemoved removed:
                    LogRemoved(removed.NetworkId);
                    break;
                case SourceEvent.NetworkChanged changed:
                    LogChanged(changed.NetworkId);
                    break;
                case SourceEvent.HealthChanged health:
                    foreach (var problem in health.Health.Problems.Except(earlier.Problems))
                    {
                        LogProblem(problem);
                    }

                    if (health.Health.Problems.IsEmpty && !earlier.Problems.IsEmpty)
                    {
                        LogCured(_options.Directory);
                    }

                    break;
            }
        }
    }

    [LoggerMessage(2101, LogLevel.Debug, "Network {Network} changed")]
    private partial void LogChanged(Abstractions.Networks.NetworkId network);

    [LoggerMessage(2102, LogLevel.Information, "Network {Network} is gone: its file was removed")]
    private partial void LogRemoved(Abstractions.Networks.NetworkId network);

    [LoggerMessage(2103, LogLevel.Error, "{Problem}")]
    private partial void LogProblem(string problem);

    [LoggerMessage(2104, LogLevel.Information, "All files in {Directory} are without errors again")]
    private partial void LogCured(string directory);

    [LoggerMessage(2105, LogLevel.Warning, "{Directory} is not watched, only read now and then: {Reason}")]
    private partial void LogNotWatched(string directory, string reason);

    [LoggerMessage(2106, LogLevel.Error, "{Directory} cannot be followed for now; trying again")]
    private partial void LogFailed(Exception exception, string directory);
}

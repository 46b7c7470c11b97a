using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Files;

/// <summary>
/// Tells, by inotify(7), that files of one directory were made, written, renamed or deleted. Many events close together are one change.
/// A hint only: network file systems send nothing, so look now and then all the same.
/// </summary>
public sealed class DirectoryWatcher : IDisposable
{
    private const int MaxNames = 1024;

    // A writer that never pauses must not hold up the change for ever.
    private const int MaxQuietPeriods = 10;

    // ATTRIB, MODIFY, CLOSE_WRITE, MOVED_FROM, MOVED_TO, CREATE, DELETE
    private const uint FileEvents = 0x2 | 0x4 | 0x8 | 0x40 | 0x80 | 0x100 | 0x200;

    // CLOSE_WRITE, MOVED_FROM, MOVED_TO, DELETE
    private const uint CompleteFileEvents = 0x8 | 0x40 | 0x80 | 0x200;

    private const uint Gone = Inotify.IN_MOVE_SELF | Inotify.IN_UNMOUNT | Inotify.IN_IGNORED;

    private readonly Inotify? _inotify;
    private readonly int _watch;
    private readonly uint _events = Gone | Inotify.IN_Q_OVERFLOW;
    private readonly ITimer? _timer;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _quiet;
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Lock _lock = new();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private bool _mustRescan;
    private bool _isGone;
    private bool _isDisposed;

    /// <summary>Starts watching; what happens from now on is not missed.</summary>
    /// <param name="loop">Whose thread reads the events; stays the caller's.</param>
    /// <param name="directory">The directory; those below it are not watched.</param>
    /// <param name="quiet">How long nothing must happen before a change is told; at most ten times that after the first event.</param>
    /// <param name="timeProvider">The clock; the system's by default.</param>
    /// <param name="onlyComplete">Only files that were closed after writing, renamed or deleted: not those that someone is still writing.</param>
    /// <exception cref="LinuxException">ENOENT, ENOTDIR; ENOSPC or EMFILE: fs.inotify.max_user_watches or max_user_instances is reached.</exception>
    public DirectoryWatcher(EpollLoop loop, string directory, TimeSpan quiet, TimeProvider? timeProvider = null, bool onlyComplete = false)
    {
        _quiet = quiet;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _events |= onlyComplete ? CompleteFileEvents : FileEvents;
        _inotify = loop.Inotify;
        _watch = _inotify.Add(this, directory, _events);
    }

    /// <summary>One without inotify: as if all had to be looked at again, now and then.</summary>
    internal DirectoryWatcher(TimeSpan interval, TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _timer = timeProvider.CreateTimer(static watcher => ((DirectoryWatcher)watcher!).Poll(), this, interval, interval);
    }

    /// <summary>
    /// Starts watching for one who cannot do without: where no inotify instance is left for the host's user (128 by default, for all of its programs), all
    /// is to be looked at again at each interval.
    /// </summary>
    /// <param name="loop">Whose thread reads the events; stays the caller's.</param>
    /// <param name="directory">The directory; those below it are not watched.</param>
    /// <param name="interval">How often, then.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <exception cref="LinuxException">ENOENT, ENOTDIR; ENOSPC: fs.inotify.max_user_watches is reached.</exception>
    public static DirectoryWatcher WatchOrPoll(EpollLoop loop, string directory, TimeSpan interval, TimeProvider timeProvider)
    {
        try
        {
            return new(loop, directory, TimeSpan.Zero, timeProvider);
        }
        catch (LinuxException exception) when (exception.Errno == Errno.EMFILE)
        {
            return new(interval, timeProvider);
        }
    }

    /// <summary>Names that changed and have not been told yet.</summary>
    internal int PendingCount
    {
        get
        {
            lock (_lock)
            {
                return _names.Count;
            }
        }
    }

    /// <summary>Changes as they come, for one reader; ends when the directory is gone or this is disposed.</summary>
    public async IAsyncEnumerable<DirectoryChange> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _signal.Reader.WaitToReadAsync(cancellationToken))
        {
            var first = _timeProvider.GetTimestamp();
            while (_signal.Reader.TryRead(out _) && _quiet > TimeSpan.Zero && _timeProvider.GetElapsedTime(first) < _quiet * MaxQuietPeriods)
            {
                await Task.Delay(_quiet, _timeProvider, cancellationToken);
            }
            if (Take() is { } change)
            {
                yield return change;
                if (change.IsGone)
                {
                    yield break;
                }
            }
        }
    }

    /// <summary>Keeps an event for the reader, who is woken by <see cref="Signal"/>. False where it is none of those that are watched for.</summary>
    internal bool Note(uint mask, ReadOnlySpan<byte> name)
    {
        if ((mask & _events) == 0)
        {
            return false;
        }
        lock (_lock)
        {
            _mustRescan |= (mask & Inotify.IN_Q_OVERFLOW) != 0;
            _isGone |= (mask & Gone) != 0;
            if (_names.Count >= MaxNames)
            {
                _mustRescan = true;
                _names.Clear();
            }
            if (!name.IsEmpty && !_mustRescan)
            {
                _ = _names.Add(Encoding.UTF8.GetString(name));
            }
            return !_isDisposed;
        }
    }

    /// <summary>Wakes the reader.</summary>
    internal void Signal() => _ = _signal.Writer.TryWrite(true);

    /// <summary>Stops watching and ends the stream.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }
            _isDisposed = true;
            _inotify?.Remove(this, _watch);
            _timer?.Dispose();
            _ = _signal.Writer.TryComplete();
        }
    }

    private DirectoryChange? Take()
    {
        lock (_lock)
        {
            if (_names.Count == 0 && !_mustRescan && !_isGone)
            {
                return null;
            }
            var change = new DirectoryChange([.. _names], _mustRescan, _isGone);
            _names.Clear();
            _mustRescan = false;
            return change;
        }
    }

    private void Poll()
    {
        lock (_lock)
        {
            _mustRescan = !_isDisposed;
            _ = _signal.Writer.TryWrite(true);
        }
    }
}

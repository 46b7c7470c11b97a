using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
    private const int BufferLength = 16 * 1024;

    // A writer that never pauses must not hold up the change for ever.
    private const int MaxQuietPeriods = 10;

    private const int IN_CLOEXEC = 0x80000;
    private const int IN_NONBLOCK = 0x800;
    private const uint IN_UNMOUNT = 0x2000;
    private const uint IN_Q_OVERFLOW = 0x4000;
    private const uint IN_IGNORED = 0x8000;
    private const uint IN_MOVE_SELF = 0x800;
    private const uint IN_ONLYDIR = 0x1000000;

    // ATTRIB, MODIFY, CLOSE_WRITE, MOVED_FROM, MOVED_TO, CREATE, DELETE
    private const uint FileEvents = 0x2 | 0x4 | 0x8 | 0x40 | 0x80 | 0x100 | 0x200;

    // CLOSE_WRITE, MOVED_FROM, MOVED_TO, DELETE
    private const uint CompleteFileEvents = 0x8 | 0x40 | 0x80 | 0x200;

    // struct inotify_event: wd, mask, cookie, len, then the name
    private const int MaskOffset = 4;
    private const int LengthOffset = 12;
    private const int NameOffset = 16;

    private readonly EpollLoop _loop;
    private readonly FileDescriptor? _inotify;
    private readonly ITimer? _timer;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _quiet;
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Lock _lock = new();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly ulong _token;
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
        _loop = loop;
        _quiet = quiet;
        _timeProvider = timeProvider ?? TimeProvider.System;
        var events = onlyComplete ? CompleteFileEvents : FileEvents;
        _inotify = Libc.inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
        if (_inotify.IsInvalid)
        {
            var errno = Libc.LastErrno;
            _inotify.Dispose();
            throw new LinuxException(errno, $"inotify_init {directory}", errno == Errno.EMFILE ? "raise fs.inotify.max_user_instances (sysctl)" : null);
        }

        try
        {
            _ = Libc.Check(Libc.inotify_add_watch(_inotify, directory, events | IN_MOVE_SELF | IN_ONLYDIR), "inotify_add_watch", directory);
            lock (_lock)
            {
                _token = loop.Add(_inotify, Read);
            }
        }
        catch
        {
            _inotify.Dispose();
            throw;
        }
    }

    /// <summary>One without inotify: as if all had to be looked at again, now and then.</summary>
    internal DirectoryWatcher(EpollLoop loop, TimeSpan interval, TimeProvider timeProvider)
    {
        _loop = loop;
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
            return new(loop, interval, timeProvider);
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
            if (_inotify is not null)
            {
                _loop.Remove(_inotify, _token);
                _inotify.Dispose();
            }
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

    private unsafe void Read()
    {
        var buffer = stackalloc byte[BufferLength];
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }
            for (int length; (length = (int)Libc.read(_inotify!, buffer, BufferLength)) > 0;)
            {
                Note(new ReadOnlySpan<byte>(buffer, length));
            }
            _ = _signal.Writer.TryWrite(true);
        }
    }

    private void Note(ReadOnlySpan<byte> events)
    {
        while (events.Length >= NameOffset)
        {
            var mask = MemoryMarshal.Read<uint>(events[MaskOffset..]);
            var nameLength = MemoryMarshal.Read<int>(events[LengthOffset..]);
            var name = events.Slice(NameOffset, nameLength).TrimEnd((byte)0);
            _mustRescan |= (mask & IN_Q_OVERFLOW) != 0;
            _isGone |= (mask & (IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED)) != 0;
            if (_names.Count >= MaxNames)
            {
                _mustRescan = true;
                _names.Clear();
            }
            if (!name.IsEmpty && !_mustRescan)
            {
                _ = _names.Add(Encoding.UTF8.GetString(name));
            }
            events = events[(NameOffset + nameLength)..];
        }
    }
}

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Files;

/// <summary>
/// The one inotify(7) instance of a loop, for all of its <see cref="DirectoryWatcher"/>s. To close an instance waits, in the kernel, until nobody looks at any
/// watch of the machine any more (some ten milliseconds), and a user has 128 of them; to end one watch of an instance waits for nothing.
/// </summary>
internal sealed class Inotify : IDisposable
{
    internal const uint IN_UNMOUNT = 0x2000;
    internal const uint IN_Q_OVERFLOW = 0x4000;
    internal const uint IN_IGNORED = 0x8000;
    internal const uint IN_MOVE_SELF = 0x800;

    private const int IN_CLOEXEC = 0x80000;
    private const int IN_NONBLOCK = 0x800;
    private const uint IN_ONLYDIR = 0x1000000;
    private const uint IN_MASK_ADD = 0x20000000;
    private const int BufferLength = 16 * 1024;

    // struct inotify_event: wd, mask, cookie, len, then the name
    private const int MaskOffset = 4;
    private const int LengthOffset = 12;
    private const int NameOffset = 16;

    private readonly EpollLoop _loop;
    private readonly FileDescriptor _fd;
    private readonly ulong _token;
    private readonly Lock _lock = new();
    private readonly Dictionary<int, ImmutableArray<DirectoryWatcher>> _watchers = [];
    private bool _isDisposed;

    /// <exception cref="LinuxException">EMFILE: fs.inotify.max_user_instances is reached.</exception>
    public Inotify(EpollLoop loop)
    {
        _loop = loop;
        _fd = Libc.inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
        if (_fd.IsInvalid)
        {
            var errno = Libc.LastErrno;
            _fd.Dispose();
            throw new LinuxException(errno, "inotify_init", errno == Errno.EMFILE ? "raise fs.inotify.max_user_instances (sysctl)" : null);
        }

        try
        {
            _token = loop.Add(_fd, Read);
        }
        catch
        {
            _fd.Dispose();
            throw;
        }
    }

    /// <summary>Tells a watcher of these events in a directory from now on. A watcher has one directory.</summary>
    /// <returns>What <see cref="Remove"/> wants.</returns>
    /// <exception cref="LinuxException">ENOENT, ENOTDIR; ENOSPC: fs.inotify.max_user_watches is reached.</exception>
    public int Add(DirectoryWatcher watcher, string directory, uint events)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);

            // A directory that is watched already keeps its number, and what it is watched for.
            var watch = Libc.Check(
                Libc.inotify_add_watch(_fd, directory, events | IN_ONLYDIR | IN_MASK_ADD), "inotify_add_watch", directory);
            _watchers[watch] = _watchers.GetValueOrDefault(watch, []).Add(watcher);
            return watch;
        }
    }

    /// <summary>Tells the watcher no more, but for an event that is being told now.</summary>
    public void Remove(DirectoryWatcher watcher, int watch)
    {
        lock (_lock)
        {
            if (_isDisposed || !_watchers.TryGetValue(watch, out var watchers) || !watchers.Contains(watcher))
            {
                return;
            }

            if (watchers.Length > 1)
            {
                _watchers[watch] = watchers.Remove(watcher);
                return;
            }

            // The kernel may have ended it by itself; nobody else has its number: numbers are not soon used again.
            _ = _watchers.Remove(watch);
            _ = Libc.inotify_rm_watch(_fd, watch);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                _loop.Remove(_fd, _token);
                _fd.Dispose();
            }
        }
    }

    private unsafe void Read()
    {
        var buffer = stackalloc byte[BufferLength];
        var told = new HashSet<DirectoryWatcher>();
        while (TryRead(buffer, out var length))
        {
            Tell(new(buffer, length), told);
        }

        foreach (var watcher in told)
        {
            watcher.Signal();
        }
    }

    private unsafe bool TryRead(byte* buffer, out int length)
    {
        lock (_lock)
        {
            length = _isDisposed ? 0 : (int)Libc.read(_fd, buffer, BufferLength);
            return length > 0;
        }
    }

    private void Tell(ReadOnlySpan<byte> events, HashSet<DirectoryWatcher> told)
    {
        while (events.Length >= NameOffset)
        {
            var mask = MemoryMarshal.Read<uint>(events[MaskOffset..]);
            var nameLength = MemoryMarshal.Read<int>(events[LengthOffset..]);
            foreach (var watcher in Of(MemoryMarshal.Read<int>(events), mask))
            {
                if (watcher.Note(mask, events.Slice(NameOffset, nameLength).TrimEnd((byte)0)))
                {
                    _ = told.Add(watcher);
                }
            }

            events = events[(NameOffset + nameLength)..];
        }
    }

    private ImmutableArray<DirectoryWatcher> Of(int watch, uint mask)
    {
        lock (_lock)
        {
            if ((mask & IN_Q_OVERFLOW) != 0)
            {
                return [.. _watchers.Values.SelectMany(watchers => watchers)];
            }

            var watchers = _watchers.GetValueOrDefault(watch, []);
            if ((mask & IN_IGNORED) != 0)
            {
                _ = _watchers.Remove(watch);
            }

            return watchers;
        }
    }
}

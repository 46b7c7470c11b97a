using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using DhcpHost.Linux.Files;

namespace DhcpHost.Linux.Interop;

/// <summary>
/// One thread in epoll_wait(2) that calls back when a descriptor becomes readable: process exits, netlink events, inotify.
/// Callbacks run on that thread and must be short and must not throw. Dispose ends the thread.
/// </summary>
public sealed class EpollLoop : IDisposable
{
    private const int MaxEvents = 64;

    // struct epoll_event is packed on x86-64 only (sys/epoll.h).
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int TokenOffset = EventSize - sizeof(ulong);

    private readonly FileDescriptor _epoll;
    private readonly FileDescriptor _wake;
    private readonly Thread _thread;
    private readonly ConcurrentDictionary<ulong, Action> _callbacks = new();
    private readonly Lock _lock = new();
    private Inotify? _inotify;
    private ulong _lastToken;
    private int _disposed;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">The thread's name, as shown by ps and debuggers.</param>
    public unsafe EpollLoop(string name = "dhcphost-epoll")
    {
        _epoll = Libc.Check(Libc.epoll_create1(Libc.EPOLL_CLOEXEC), "epoll_create1", name);
        _wake = Libc.Check(Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK), "eventfd", name);
        AddToEpoll(_wake, 0);
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.UnsafeStart();
    }

    /// <summary>Whether it calls nobody any more.</summary>
    internal bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <summary>What tells its watchers of directories, made for the first of them.</summary>
    /// <exception cref="LinuxException">EMFILE: fs.inotify.max_user_instances is reached.</exception>
    internal Inotify Inotify
    {
        get
        {
            lock (_lock)
            {
                return _inotify ??= new(this);
            }
        }
    }

    /// <summary>
    /// Calls <paramref name="callback"/> whenever the descriptor is readable, until <see cref="Remove"/> is called with the token returned.
    /// The caller keeps the descriptor open until then.
    /// </summary>
    internal ulong Add(FileDescriptor fd, Action callback) => Add(fd, Libc.EPOLLIN, callback);

    /// <summary>The same for other events; those of <c>EPOLLERR</c> and <c>EPOLLHUP</c> are told in any case.</summary>
    internal ulong Add(FileDescriptor fd, uint events, Action callback)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        var token = Interlocked.Increment(ref _lastToken);
        _callbacks[token] = callback;
        try
        {
            AddToEpoll(fd, token, events);
        }
        catch
        {
            _ = _callbacks.TryRemove(token, out _);
            throw;
        }
        return token;
    }

    /// <summary>Stops watching. An event taken from the kernel just before may still be dropped or be in its callback.</summary>
    internal unsafe void Remove(FileDescriptor fd, ulong token)
    {
        if (_callbacks.TryRemove(token, out _) && !_epoll.IsClosed && !fd.IsClosed)
        {
            _ = Libc.epoll_ctl(_epoll, Libc.EPOLL_CTL_DEL, fd, null);
        }
    }

    /// <summary>Ends the thread and waits for a callback that is running, unless it is the caller.</summary>
    public unsafe void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }
        ulong one = 1;
        _ = Libc.write(_wake, (byte*)&one, sizeof(ulong));
        if (Thread.CurrentThread != _thread)
        {
            _thread.Join();
        }
        lock (_lock)
        {
            _inotify?.Dispose();
        }
        _callbacks.Clear();
        _epoll.Dispose();
        _wake.Dispose();
    }

    private unsafe void AddToEpoll(FileDescriptor fd, ulong token, uint events = Libc.EPOLLIN)
    {
        var epollEvent = stackalloc byte[EventSize];
        *(uint*)epollEvent = events;
        Marshal.WriteInt64((nint)(epollEvent + TokenOffset), (long)token);
        _ = Libc.Check(Libc.epoll_ctl(_epoll, Libc.EPOLL_CTL_ADD, fd, epollEvent), "epoll_ctl ADD");
    }

    private unsafe void Run()
    {
        var events = stackalloc byte[MaxEvents * EventSize];
        while (!IsDisposed)
        {
            var count = Libc.epoll_wait(_epoll, events, MaxEvents, -1);
            if (count < 0)
            {
                if (Libc.LastErrno is Errno.EINTR)
                {
                    continue;
                }
                throw new LinuxException(Libc.LastErrno, "epoll_wait");
            }
            for (var i = 0; i < count; i++)
            {
                var token = (ulong)Marshal.ReadInt64((nint)(events + (i * EventSize) + TokenOffset));
                if (_callbacks.TryGetValue(token, out var callback))
                {
                    callback();
                }
            }
        }
    }
}

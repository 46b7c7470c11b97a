using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Datagrams;

/// <summary>
/// One thread in epoll_wait(2) that hands datagrams of any number of sockets to their handlers, a batch at a time: receive what waits, have what was
/// noted written, send the replies that need not wait for that. The others leave when their write is durable; the loop goes on meanwhile. All handlers,
/// timers and posted work run on it, one after the other, so that what they share needs no lock.
/// </summary>
public sealed class DatagramLoop : IDisposable
{
    private const int MaxEvents = 64;
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int TokenOffset = EventSize - sizeof(ulong);

    private readonly FileDescriptor _epoll;
    private readonly FileDescriptor _wake;
    private readonly Thread _thread;
    private readonly TimeProvider _timeProvider;
    private readonly Action<Exception> _onTimerFault;
    private readonly IDatagramCommit _commit;
    private readonly DatagramReplies _replies;
    private readonly DatagramReceiver _receiver = new();
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly Dictionary<ulong, DatagramSocket> _sockets = [];
    private readonly PriorityQueue<DatagramTimer, long> _timers = new();
    private ulong _lastToken;
    private int _disposed;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">The thread's name, as shown by ps and debuggers.</param>
    /// <param name="commit">Asked before replies leave.</param>
    /// <param name="onTimerFault">Told what a timer's callback threw; the loop goes on.</param>
    /// <param name="timeProvider">For timers; default the system's.</param>
    public DatagramLoop(string name, IDatagramCommit commit, Action<Exception> onTimerFault, TimeProvider? timeProvider = null)
    {
        _onTimerFault = onTimerFault;
        _timeProvider = timeProvider ?? TimeProvider.System;
        ArgumentNullException.ThrowIfNull(commit);
        _commit = commit;
        _replies = new(commit);
        _epoll = Libc.Check(Libc.epoll_create1(Libc.EPOLL_CLOEXEC), "epoll_create1", name);
        _wake = Libc.Check(Libc.eventfd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK), "eventfd", name);
        AddToEpoll(_wake, 0);
        commit.Attach(Wake);
        _thread = new(Run) { IsBackground = true, Name = name };
        _thread.UnsafeStart();
    }

    /// <summary>Replies that could not be sent.</summary>
    public long DroppedReplies => _replies.Dropped;

    /// <summary>Whether the caller is the loop's thread.</summary>
    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>Runs work on the loop's thread, between two batches.</summary>
    /// <exception cref="ObjectDisposedException">The loop has ended.</exception>
    public Task<T> RunAsync<T>(Func<DatagramReplies, T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _posted.Enqueue(() =>
        {
            try
            {
                completion.SetResult(Volatile.Read(ref _disposed) == 0 ? work(_replies) : throw new ObjectDisposedException(nameof(DatagramLoop)));
            }
            catch (Exception e)
            {
                completion.SetException(e);
            }
        });
        if (Volatile.Read(ref _disposed) != 0)
        {
            RunPosted();
        }
        else
        {
            Wake();
        }

        return completion.Task;
    }

    /// <summary>Begins to hand a socket's datagrams over. On the loop's thread.</summary>
    public void Add(DatagramSocket socket, IDatagramHandler handler)
    {
        ArgumentNullException.ThrowIfNull(socket);
        socket.Handler = handler;
        socket.Token = ++_lastToken;
        if (socket.Kind != DatagramKind.Frame4)
        {
            AddToEpoll(socket.Fd, socket.Token);
            _sockets[socket.Token] = socket;
        }
    }

    /// <summary>Forgets a socket and closes it. On the loop's thread; replies through it that did not leave yet are lost.</summary>
    public unsafe void Close(DatagramSocket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (_sockets.Remove(socket.Token))
        {
            _ = Libc.epoll_ctl(_epoll, Libc.EPOLL_CTL_DEL, socket.Fd, null);
        }

        socket.Dispose();
    }

    /// <summary>Calls back once, after a time, on the loop's thread; from there alone. Disposing the timer takes it back.</summary>
    public IDisposable Schedule(TimeSpan due, Action<DatagramReplies> callback)
    {
        var timer = new DatagramTimer(callback);
        _timers.Enqueue(timer, _timeProvider.GetTimestamp() + (long)(Math.Max(0, due.TotalSeconds) * _timeProvider.TimestampFrequency));
        return timer;
    }

    /// <summary>Ends the thread and waits for it, unless it is the caller. Sockets stay open.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        Wake();
        if (!IsCurrent)
        {
            _thread.Join();
        }

        RunPosted();
        _commit.Detach();
        _replies.Dispose();
        _receiver.Dispose();
        _epoll.Dispose();
        _wake.Dispose();
    }

    private unsafe void Wake()
    {
        ulong one = 1;
        _ = Libc.write(_wake, (byte*)&one, sizeof(ulong));
    }

    private unsafe void AddToEpoll(FileDescriptor fd, ulong token)
    {
        var epollEvent = stackalloc byte[EventSize];
        *(uint*)epollEvent = Libc.EPOLLIN;
        Marshal.WriteInt64((nint)(epollEvent + TokenOffset), (long)token);
        _ = Libc.Check(Libc.epoll_ctl(_epoll, Libc.EPOLL_CTL_ADD, fd, epollEvent), "epoll_ctl ADD");
    }

    private unsafe void Run()
    {
        var events = stackalloc byte[MaxEvents * EventSize];
        while (Volatile.Read(ref _disposed) == 0)
        {
            var count = Libc.epoll_wait(_epoll, events, MaxEvents, Timeout());
            if (count < 0 && Libc.LastErrno is not Errno.EINTR)
            {
                throw new LinuxException(Libc.LastErrno, "epoll_wait");
            }

            for (var i = 0; i < count; i++)
            {
                var token = (ulong)Marshal.ReadInt64((nint)(events + (i * EventSize) + TokenOffset));
                if (token == 0)
                {
                    ulong value;
                    _ = Libc.read(_wake, (byte*)&value, sizeof(ulong));
                }
                else if (_sockets.TryGetValue(token, out var socket))
                {
                    _receiver.Receive(socket, socket.Handler!, _replies);
                }
            }

            RunTimers();
            RunPosted();
            _replies.Flush();
        }
    }

    private int Timeout()
    {
        while (_timers.TryPeek(out var timer, out var due))
        {
            if (timer.IsCancelled)
            {
                _ = _timers.Dequeue();
                continue;
            }

            var left = (due - _timeProvider.GetTimestamp()) * 1000.0 / _timeProvider.TimestampFrequency;
            return (int)Math.Clamp(Math.Ceiling(left), 0, int.MaxValue);
        }

        return -1;
    }

    private void RunTimers()
    {
        var now = _timeProvider.GetTimestamp();
        while (_timers.TryPeek(out var timer, out var due) && (due <= now || timer.IsCancelled))
        {
            _ = _timers.Dequeue();
            var before = _replies.Count;
            try
            {
                timer.Run(_replies);
            }
            catch (Exception e)
            {
                _replies.RollBack(before);
                _onTimerFault(e);
            }
        }
    }

    private void RunPosted()
    {
        while (_posted.TryDequeue(out var work))
        {
            work();
        }
    }
}

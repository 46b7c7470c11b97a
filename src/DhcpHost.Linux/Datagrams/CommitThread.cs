using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Processes;

namespace DhcpHost.Linux.Datagrams;

/// <summary>
/// A thread that does the same work again whenever it is told to, beside a <see cref="DatagramLoop"/>: to wait for the disk. All methods are for
/// one thread, the loop's; it waits in read(2) of an eventfd, which wakes it in a few microseconds.
/// </summary>
public sealed class CommitThread : IDisposable
{
    private readonly AutoResetEvent _ended = new(initialState: false);
    private readonly Action _work;
    private readonly bool _isUrgent;
    private readonly FileDescriptor _start;
    private readonly Thread _thread;
    private volatile bool _isEnding;
    private long _started;

    // How often it did its work, and how often it has told so: whoever is told must not find it busy still.
    private long _done;
    private long _told;
    private Action? _onDone;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">The thread's name, as shown by ps and debuggers.</param>
    /// <param name="work">What it does. It must not throw.</param>
    /// <param name="isUrgent">Somebody waits for it, and it does next to nothing but wait: it runs before others that want the processor.</param>
    public CommitThread(string name, Action work, bool isUrgent = false)
    {
        _work = work;
        _isUrgent = isUrgent;
        _start = Libc.Check(Libc.eventfd(0, Libc.EFD_CLOEXEC), "eventfd", name);
        _thread = new(Run) { IsBackground = true, Name = name };
        _thread.UnsafeStart();
    }

    /// <summary>Whether it is at work.</summary>
    public bool IsBusy => Volatile.Read(ref _done) != _started;

    /// <summary>Called each time that the work is done, by the thread.</summary>
    public void OnDone(Action callback) => _onDone = callback;

    /// <summary>Has the work done. Not while it is at work.</summary>
    public void Start()
    {
        _started++;
        Signal();
    }

    /// <summary>Waits until it is not at work, and has told so.</summary>
    public void Finish()
    {
        while (Volatile.Read(ref _told) != _started)
        {
            _ = _ended.WaitOne();
        }
    }

    /// <summary>Ends the thread when it is not at work any more.</summary>
    public void Dispose()
    {
        if (!_isEnding)
        {
            Finish();
            _isEnding = true;
            Signal();
            _thread.Join();
            _start.Dispose();
            _ended.Dispose();
        }
    }

    private unsafe void Signal()
    {
        ulong one = 1;
        _ = Libc.Check((int)Libc.write(_start, (byte*)&one, sizeof(ulong)), "write eventfd");
    }

    private unsafe void Run()
    {
        if (_isUrgent)
        {
            ThreadUrgency.Raise();
        }

        while (true)
        {
            ulong value;
            if (Libc.read(_start, (byte*)&value, sizeof(ulong)) < 0)
            {
                // A signal came (EINTR).
                continue;
            }

            if (_isEnding)
            {
                return;
            }

            _work();
            Volatile.Write(ref _done, _done + 1);
            _onDone?.Invoke();
            Volatile.Write(ref _told, _told + 1);
            _ = _ended.Set();
        }
    }
}

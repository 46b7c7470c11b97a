using System.Collections.Concurrent;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Processes;

namespace DhcpHost.Linux.Namespaces;

/// <summary>
/// Runs short synchronous work inside network namespaces, on threads of its own that do nothing else. A namespace belongs to a thread
/// (setns(2)), so nobody else in the process may switch it.
/// </summary>
/// <remarks>
/// The work may make system calls only: no Socket, no Task, no Timer, no logging and no lock that others hold. A thread that the runtime
/// starts meanwhile would be born in the foreign namespace and stay there. Sockets made inside belong to the namespace for good and can
/// be used by anyone afterwards. If a thread cannot return, the process is ended: to go on in a wrong namespace is worse.
/// </remarks>
public sealed class NetnsBroker : IDisposable
{
    /// <summary>The prefix of the names of the broker's threads.</summary>
    internal const string ThreadName = "dhcphost-netns";

    private const int DefaultCapacity = 1024;

    private readonly BlockingCollection<NetnsWork> _queue = [];
    private readonly SemaphoreSlim _room;
    private readonly NetworkNamespace _root;
    private readonly Thread[] _threads;
    private int _disposed;

    /// <summary>Starts the threads, in the namespace of the caller, which is the one that they return to ("root").</summary>
    /// <param name="threads">How many namespaces can be worked in at a time.</param>
    /// <param name="capacity">How much work may wait; <see cref="RunAsync{T}"/> waits for room beyond.</param>
    public NetnsBroker(int threads = 2, int capacity = DefaultCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        RuntimeThreads.StartInThisNamespace();
        _room = new SemaphoreSlim(capacity, capacity);
        _root = NetworkNamespace.OpenCurrent();
        _threads = new Thread[threads];
        for (var i = 0; i < threads; i++)
        {
            _threads[i] = new Thread(Loop) { IsBackground = true, Name = $"{ThreadName}{i}" };
            _threads[i].UnsafeStart();
        }
    }

    /// <summary>The namespace that the broker was made in.</summary>
    public NetworkNamespaceId RootId => _root.Id;

    internal bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <summary>Runs the work inside the namespace and returns its result or throws its exception.</summary>
    /// <param name="ns">Where; it must stay open until the task ends.</param>
    /// <param name="work">System calls only (see the remarks of this type).</param>
    /// <param name="cancellationToken">Gives up waiting as long as the work has not begun.</param>
    /// <exception cref="LinuxException">The namespace cannot be entered; the work has not run.</exception>
    public Task<T> RunAsync<T>(NetworkNamespace ns, Func<T> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ns);
        return EnqueueAsync(new NetnsWork<T>(ns, work, cancellationToken), cancellationToken);
    }

    /// <summary>Runs the work inside the namespace.</summary>
    /// <param name="ns">Where; it must stay open until the task ends.</param>
    /// <param name="work">System calls only (see the remarks of this type).</param>
    /// <param name="cancellationToken">Gives up waiting as long as the work has not begun.</param>
    /// <exception cref="LinuxException">The namespace cannot be entered; the work has not run.</exception>
    public Task RunAsync(NetworkNamespace ns, Action work, CancellationToken cancellationToken) =>
        RunAsync(ns, () => { work(); return true; }, cancellationToken);

    /// <summary>
    /// Runs the work on a broker thread that starts in root and is put back there, whatever namespace the work switched to.
    /// For work that makes a namespace.
    /// </summary>
    internal Task<T> RunSwitchingAsync<T>(Func<T> work, CancellationToken cancellationToken) =>
        EnqueueAsync(new NetnsWork<T>(null, work, cancellationToken), cancellationToken);

    /// <summary>Lets running work end, refuses what waits, and ends the threads.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }
        _queue.CompleteAdding();
        foreach (var thread in _threads)
        {
            thread.Join();
        }
        _root.Dispose();
    }

    private async Task<T> EnqueueAsync<T>(NetnsWork<T> work, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        await _room.WaitAsync(cancellationToken);
        try
        {
            _queue.Add(work, CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            // Disposed while waiting for room: let the next one that waits find out, too.
            _ = _room.Release();
            throw new ObjectDisposedException(nameof(NetnsBroker));
        }
        return await work.Task;
    }

    private void Loop()
    {
        // A child has to be limited before it gives up root's rights.
        ThreadUrgency.Prefer();
        foreach (var work in _queue.GetConsumingEnumerable())
        {
            if (IsDisposed)
            {
                work.Refuse(new ObjectDisposedException(nameof(NetnsBroker)));
            }
            else
            {
                work.Run(_root);
            }
            _ = _room.Release();
        }
    }
}

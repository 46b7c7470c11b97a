using System.Collections.Concurrent;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Processes;

/// <summary>
/// Notices the end of processes at once, of children and of adopted ones alike, on one thread over pidfds (pidfd_open(2)); reaps children.
/// </summary>
public sealed class ProcessWatcher : IDisposable
{
    private const int SignalInfoLength = 128;
    private const int CodeOffset = 8;
    private const int StatusOffset = 24;
    private const int CLD_EXITED = 1;

    private readonly ConcurrentDictionary<Watch, bool> _watches = new();
    private readonly TimeProvider _timeProvider;

    /// <summary>Starts the thread.</summary>
    public ProcessWatcher(TimeProvider? timeProvider = null)
    {
        _timeProvider = timeProvider ?? TimeProvider.System;
        Loop = new EpollLoop("dhcphost-exits");
    }

    internal EpollLoop Loop { get; }

    /// <summary>How many processes are watched.</summary>
    public int Count => _watches.Count;

    /// <summary>Takes a process that an earlier run of the host started, if it is provably the same.</summary>
    /// <returns>The verdict, and the process where it is <see cref="ProcessMatch.Same"/>.</returns>
    public (ProcessMatch Match, ServerProcess? Process) Adopt(ProcessIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        var match = identity.TryOpen(out var pidfd);
        return (match, pidfd is null ? null : Start(identity, pidfd));
    }

    /// <summary>Watches a process; the descriptor becomes the handle's.</summary>
    internal ServerProcess Start(ProcessIdentity identity, FileDescriptor pidfd)
    {
        var watch = new Watch(this, pidfd);
        try
        {
            watch.Start();
        }
        catch
        {
            pidfd.Dispose();
            throw;
        }
        return new ServerProcess(identity, watch, _timeProvider);
    }

    /// <summary>Ends the thread. Processes run on; waits for their end are cancelled.</summary>
    public void Dispose()
    {
        Loop.Dispose();
        foreach (var watch in _watches.Keys)
        {
            watch.Dispose();
        }
    }

    /// <summary>One watched process. Its descriptor stays open until the handle is disposed: signals never go astray.</summary>
    internal sealed class Watch(ProcessWatcher watcher, FileDescriptor pidfd) : IDisposable
    {
        private readonly TaskCompletionSource<ProcessExit> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _lock = new();
        private ulong _token;

        internal Task<ProcessExit> Exit => _exit.Task;

        /// <summary>False if the process has ended.</summary>
        internal bool Signal(int signal)
        {
            if (Libc.pidfd_send_signal(pidfd, signal) == 0)
            {
                return true;
            }
            return Libc.LastErrno is Errno.ESRCH ? false : throw new LinuxException(Libc.LastErrno, $"pidfd_send_signal {signal}");
        }

        /// <summary>
        /// Kills a child of ours, which leads a process group of its own, with all that it has started. The number cannot be another's:
        /// as long as the lock is held and the watch goes on, the child is not reaped.
        /// </summary>
        internal void KillGroup(int pid)
        {
            lock (_lock)
            {
                if (watcher._watches.ContainsKey(this))
                {
                    _ = Libc.kill(-pid, Libc.SIGKILL);
                }
            }
        }

        internal void Start()
        {
            lock (_lock)
            {
                watcher._watches[this] = true;
                try
                {
                    _token = watcher.Loop.Add(pidfd, OnReadable);
                }
                catch
                {
                    _ = watcher._watches.TryRemove(this, out _);
                    throw;
                }
            }
        }

        /// <summary>Stops watching; the process runs on.</summary>
        public void Dispose()
        {
            lock (_lock)
            {
                Forget();
                pidfd.Dispose();
            }
            _ = _exit.TrySetCanceled();
        }

        private void OnReadable()
        {
            ProcessExit exit;
            lock (_lock)
            {
                if (pidfd.IsClosed)
                {
                    return;
                }
                exit = Reap();
                Forget();
            }
            _ = _exit.TrySetResult(exit);
        }

        private void Forget()
        {
            watcher.Loop.Remove(pidfd, _token);
            _ = watcher._watches.TryRemove(this, out _);
        }

        private unsafe ProcessExit Reap()
        {
            var info = stackalloc byte[SignalInfoLength];
            new Span<byte>(info, SignalInfoLength).Clear();
            while (Libc.waitid(Libc.P_PIDFD, (uint)pidfd.Number, info, Libc.WEXITED | Libc.WNOHANG) != 0)
            {
                if (Libc.LastErrno is not Errno.EINTR)
                {
                    // ECHILD: adopted, its status goes to its parent.
                    return ProcessExit.Unknown;
                }
            }
            var code = *(int*)(info + CodeOffset);
            var status = *(int*)(info + StatusOffset);
            return code == CLD_EXITED ? new ProcessExit(status, null) : new ProcessExit(null, status);
        }
    }
}

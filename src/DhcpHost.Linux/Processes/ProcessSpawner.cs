using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;

namespace DhcpHost.Linux.Processes;

/// <summary>
/// Starts programs inside network namespaces by posix_spawn(3) on a broker thread: a child is born in the namespace of the thread that
/// makes it. About 1 ms each.
/// </summary>
/// <remarks>
/// Limits are set by prlimit(2) the moment posix_spawn returns, before anyone learns of the process. posix_spawn cannot set them, and a
/// process's limits are shared by all its threads, so they cannot be lowered around the call without hitting the host itself. The child
/// has executed its program by then for some 20 µs; a limit that comes then is as good as one from birth, since it counts what is in use
/// already, unless the child has forked meanwhile. If a limit cannot be set the child is killed. A child that has given up root's rights by
/// then can be limited only with CAP_SYS_RESOURCE: without, it is killed and started again by way of prlimit(1).
/// </remarks>
public sealed class ProcessSpawner
{
    private readonly NetnsBroker _broker;
    private readonly ProcessWatcher _watcher;
    private readonly TimeProvider _timeProvider;

    /// <summary>Both stay the caller's.</summary>
    public ProcessSpawner(NetnsBroker broker, ProcessWatcher watcher, TimeProvider? timeProvider = null)
    {
        _broker = broker;
        _watcher = watcher;
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>Starts a program that outlives the host.</summary>
    /// <param name="ns">Where; null is the host's own namespace.</param>
    /// <param name="spec">What.</param>
    /// <param name="cancellationToken">Gives up as long as the start has not begun.</param>
    /// <exception cref="LinuxException">It cannot be executed (ENOENT, EACCES …), or could not be limited.</exception>
    public async Task<ServerProcess> SpawnAsync(NetworkNamespace? ns, SpawnSpec spec, CancellationToken cancellationToken)
    {
        var unprivileged = UnprivilegedProgram.Of(spec);
        var isRootFirst = ReferenceEquals(unprivileged, spec) || HostCapabilities.Has(HostCapabilities.SysResource);
        if (isRootFirst && await TrySpawnAsync(ns, unprivileged, cancellationToken) is { } process)
        {
            return process;
        }
        return await TrySpawnAsync(ns, LimitedProgram.TryWrap(unprivileged) ?? unprivileged, cancellationToken) ?? throw CannotBeLimited(unprivileged);
    }

    /// <summary>Runs a short helper command to its end, with its output captured.</summary>
    /// <param name="ns">Where; null is the host's own namespace.</param>
    /// <param name="spec">What; <see cref="SpawnSpec.OutputFile"/> does not count.</param>
    /// <param name="deadline">When it is killed, with all that it has started.</param>
    /// <param name="maxOutputBytes">How much of each of the two outputs is kept; the rest is read and dropped.</param>
    /// <param name="cancellationToken">Kills it.</param>
    public async Task<CommandResult> RunToEndAsync(
        NetworkNamespace? ns, SpawnSpec spec, TimeSpan deadline, int maxOutputBytes, CancellationToken cancellationToken)
    {
        using var output = new BoundedPipe(_watcher.Loop, maxOutputBytes);
        using var error = new BoundedPipe(_watcher.Loop, maxOutputBytes);
        var unprivileged = UnprivilegedProgram.Of(spec);
        using var call = new SpawnCall(unprivileged, output.WriteEnd, error.WriteEnd);
        using var process = await TryStartAsync(ns, unprivileged, call, cancellationToken) ?? throw CannotBeLimited(unprivileged);
        output.WriteEnd.Dispose();
        error.WriteEnd.Dispose();
        ProcessExit exit;
        var isTimedOut = false;
        try
        {
            exit = await process.Exit.WaitAsync(deadline, _timeProvider, cancellationToken);
        }
        catch (TimeoutException)
        {
            isTimedOut = true;
            exit = await process.KillGroupAsync();
        }
        catch (OperationCanceledException)
        {
            _ = await process.KillGroupAsync();
            throw;
        }
        return new CommandResult(exit, isTimedOut, output.Finish(), error.Finish());
    }

    private async Task<ServerProcess?> TrySpawnAsync(NetworkNamespace? ns, SpawnSpec spec, CancellationToken cancellationToken)
    {
        using var call = new SpawnCall(spec, null, null);
        return await TryStartAsync(ns, spec, call, cancellationToken);
    }

    /// <summary>Null where the host is not allowed to limit the child, which is dead then.</summary>
    private async Task<ServerProcess?> TryStartAsync(NetworkNamespace? ns, SpawnSpec spec, SpawnCall call, CancellationToken cancellationToken)
    {
        var started = await (ns is null
            ? _broker.RunSwitchingAsync(() => TryStart(spec, call), cancellationToken)
            : _broker.RunAsync(ns, () => TryStart(spec, call), cancellationToken));
        if (started is not var (pid, pidfd))
        {
            return null;
        }

        // Whether it still runs is the watcher's to say: a program that ended at once is an exit, not a failure to start.
        var startTime = ProcessStat.TryRead(pid)?.StartTime ?? 0;
        var identity = new ProcessIdentity(pid, startTime, ProcessIdentity.CurrentBootId, spec.Marker ?? spec.Program);
        return _watcher.Start(identity, pidfd);
    }

    private static LinuxException CannotBeLimited(SpawnSpec spec) => new(Errno.EPERM, $"prlimit {spec.Program}");

    private static (int Pid, FileDescriptor Pidfd)? TryStart(SpawnSpec spec, SpawnCall call)
    {
        // Our child, and not waited for: until then the number is its own.
        var pid = call.Execute();
        var isKept = false;
        try
        {
            // First of all: each moment counts.
            if (!TryLimit(pid, Libc.RLIMIT_DATA, spec.Limits.MemoryBytes, spec)
                || !TryLimit(pid, Libc.RLIMIT_NOFILE, spec.Limits.OpenFiles, spec)
                || !TryLimit(pid, Libc.RLIMIT_CORE, spec.Limits.CoreBytes, spec))
            {
                return null;
            }
            var pidfd = Libc.Check(Libc.pidfd_open(pid), "pidfd_open", spec.Program);
            isKept = true;
            return (pid, pidfd);
        }
        finally
        {
            if (!isKept)
            {
                KillAndReap(pid);
            }
        }
    }

    private static unsafe bool TryLimit(int pid, int resource, long? value, SpawnSpec spec)
    {
        if (value is not { } limit)
        {
            return true;
        }
        // rlim_cur, rlim_max
        var both = stackalloc ulong[2] { (ulong)limit, (ulong)limit };
        if (Libc.prlimit64(pid, resource, both, null) == 0)
        {
            return true;
        }
        return Libc.LastErrno switch
        {
            // It has ended already: an exit, not a failure to start.
            Errno.ESRCH => true,
            Errno.EPERM => LimitedProgram.LimitsItself(spec),
            var errno => throw new LinuxException(errno, $"prlimit {resource} of {spec.Program}"),
        };
    }

    private static unsafe void KillAndReap(int pid)
    {
        const int SignalInfoLength = 128;
        const int P_PID = 1;
        _ = Libc.kill(pid, Libc.SIGKILL);
        var info = stackalloc byte[SignalInfoLength];
        _ = Libc.waitid(P_PID, (uint)pid, info, Libc.WEXITED);
    }
}

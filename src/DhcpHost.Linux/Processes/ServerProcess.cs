using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Processes;

/// <summary>
/// A running process, started or adopted. All signals go through its pidfd: another process that gets its number later is never hit.
/// Dispose lets go of it and leaves it running.
/// </summary>
public sealed class ServerProcess : IDisposable
{
    private readonly ProcessWatcher.Watch _watch;
    private readonly TimeProvider _timeProvider;

    internal ServerProcess(ProcessIdentity identity, ProcessWatcher.Watch watch, TimeProvider timeProvider)
    {
        Identity = identity;
        _watch = watch;
        _timeProvider = timeProvider;
    }

    /// <summary>To be stored, and given to <see cref="ProcessWatcher.Adopt"/> after a restart of the host.</summary>
    public ProcessIdentity Identity { get; }

    /// <summary>Ends when the process has; cancelled when this is disposed before.</summary>
    public Task<ProcessExit> Exit => _watch.Exit;

    /// <summary>Whether the process has ended.</summary>
    public bool HasExited => Exit.IsCompletedSuccessfully;

    /// <summary>Sends a signal; false if the process has ended.</summary>
    public bool Signal(ProcessSignal signal) => !HasExited && _watch.Signal((int)signal);

    /// <summary>Gives it other limits while it runs; members that are null leave what it has.</summary>
    /// <returns>False where it has ended, or the host may not: for a process of another account that takes CAP_SYS_RESOURCE.</returns>
    public bool Limit(ProcessLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return !HasExited
            && TryLimit(Libc.RLIMIT_DATA, limits.MemoryBytes)
            && TryLimit(Libc.RLIMIT_NOFILE, limits.OpenFiles)
            && TryLimit(Libc.RLIMIT_CORE, limits.CoreBytes);
    }

    /// <summary>Asks the process to end, and ends it when the grace is over.</summary>
    /// <param name="grace">How long it has from that signal to SIGKILL; zero kills at once.</param>
    /// <param name="cancellationToken">Ends the wait at once, without the kill.</param>
    /// <param name="ask">The signal that asks it.</param>
    public async Task<ProcessExit> TerminateAsync(TimeSpan grace, CancellationToken cancellationToken, ProcessSignal ask = ProcessSignal.Terminate)
    {
        if (grace > TimeSpan.Zero && Signal(ask))
        {
            try
            {
                return await Exit.WaitAsync(grace, _timeProvider, cancellationToken);
            }
            catch (TimeoutException)
            {
                // It did not want to.
            }
        }
        _ = Signal(ProcessSignal.Kill);
        return await Exit.WaitAsync(cancellationToken);
    }

    /// <summary>Kills it with all that it has started; for children only.</summary>
    internal Task<ProcessExit> KillGroupAsync()
    {
        _watch.KillGroup(Identity.Pid);
        return Exit;
    }

    /// <inheritdoc />
    public void Dispose() => _watch.Dispose();

    private unsafe bool TryLimit(int resource, long? value)
    {
        if (value is not { } limit)
        {
            return true;
        }

        // rlim_cur, rlim_max
        var wanted = stackalloc ulong[2] { (ulong)limit, (ulong)limit };
        var held = stackalloc ulong[2];
        if (Libc.prlimit64(Identity.Pid, resource, null, held) == 0 && held[0] == wanted[0] && held[1] == wanted[1])
        {
            return true;
        }

        // By its number, which could be another's by now.
        return Identity.Check() == ProcessMatch.Same && Libc.prlimit64(Identity.Pid, resource, wanted, null) == 0;
    }
}

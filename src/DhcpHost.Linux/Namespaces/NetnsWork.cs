using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Namespaces;

/// <summary>One piece of work that waits for a broker thread.</summary>
internal abstract class NetnsWork
{
    /// <summary>Enters, works, returns to root, and only then says so: nobody continues while the thread is away.</summary>
    internal abstract void Run(NetworkNamespace root);

    internal abstract void Refuse(Exception reason);
}

internal sealed class NetnsWork<T>(NetworkNamespace? target, Func<T> work, CancellationToken cancellationToken) : NetnsWork
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task<T> Task => _completion.Task;

    internal override void Run(NetworkNamespace root)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            _ = _completion.TrySetCanceled(cancellationToken);
            return;
        }
        T result = default!;
        Exception? failure = null;
        try
        {
            if (target is not null)
            {
                _ = Libc.Check(Libc.setns(target.Fd, Libc.CLONE_NEWNET), "setns", target.Name);
            }
            result = work();
        }
        catch (Exception e)
        {
            // The caller's exception, handed to the caller below.
            failure = e;
        }
        finally
        {
            // Who has not the right to come back had none to leave: a user who only looks (dhcphost check) is where the work began.
            if (Libc.setns(root.Fd, Libc.CLONE_NEWNET) != 0 && Libc.LastErrno is var errno && !IsIn(root))
            {
                Environment.FailFast($"A thread cannot return to its network namespace after {target?.Name}: {errno}.");
            }
        }
        _ = failure is null ? _completion.TrySetResult(result) : _completion.TrySetException(failure);
    }

    internal override void Refuse(Exception reason) => _ = _completion.TrySetException(reason);

    private static bool IsIn(NetworkNamespace root)
    {
        using var current = NetworkNamespace.OpenCurrent();
        return current.Id == root.Id;
    }
}

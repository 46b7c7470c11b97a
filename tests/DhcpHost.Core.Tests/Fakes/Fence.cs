namespace DhcpHost.Core.Tests.Fakes;

/// <summary>The moment of a host's death: from then on nothing that it calls happens, and nothing that it awaits returns anything but cancellation.</summary>
internal sealed class Fence
{
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _callsLeft = int.MaxValue;
    private bool _afterwards;

    public Task Closed => _closed.Task;

    /// <summary>Closes before, or just after, the n-th call from now.</summary>
    public void CloseAt(int calls, bool afterwards) => (_afterwards, _callsLeft) = (afterwards, calls);

    public void Close() => _closed.TrySetResult();

    public async Task<T> RunAsync<T>(Func<Task<T>> call)
    {
        var isLast = Interlocked.Decrement(ref _callsLeft) == 0;
        if (isLast && !_afterwards)
        {
            Close();
        }

        ThrowIfClosed();
        var result = await call();
        if (isLast)
        {
            Close();
        }

        ThrowIfClosed();
        return result;
    }

    public Task RunAsync(Func<Task> call) => RunAsync(async () =>
    {
        await call();
        return true;
    });

    public void ThrowIfClosed()
    {
        if (_closed.Task.IsCompleted)
        {
            throw new OperationCanceledException("the host is dead");
        }
    }
}

namespace DhcpHost.Plugins.Loading;

/// <summary>
/// Calls code of a plugin on a thread of its own and waits only so long: code that blocks is left behind with its thread, for .NET cannot
/// end it.
/// </summary>
internal static class BoundedCall
{
    /// <summary>How long code has to end after it was told to: on a busy machine obeying takes a while too.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <param name="name">The thread's name.</param>
    /// <param name="call">The code; its token is cancelled at the deadline.</param>
    /// <param name="time">How long it may take until it is told to end; what ends within <see cref="Grace"/> after that is not left behind.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="late">Called where it ends after it was given up: cleans up.</param>
    /// <param name="cancellationToken">Gives it up earlier.</param>
    /// <exception cref="CallTimeoutException">It took longer.</exception>
    public static async Task<T> RunAsync<T>(
        string name, Func<CancellationToken, Task<T>> call, TimeSpan time, TimeProvider timeProvider, Action? late, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var started = new TaskCompletionSource<Task<T>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var deadline = new CancellationTokenSource(time, timeProvider);
        var registration = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), deadline);
        var token = deadline.Token;
        var thread = new Thread(() => Start(call, started, token)) { IsBackground = true, Name = name };
        thread.UnsafeStart();
        var whole = started.Task.Unwrap();
        _ = whole.ContinueWith(
            _ =>
            {
                registration.Dispose();
                deadline.Dispose();
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await ((Task)whole).WaitAsync(time + Grace, timeProvider, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!whole.IsCompleted)
        {
            _ = whole.ContinueWith(_ => late?.Invoke(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            cancellationToken.ThrowIfCancellationRequested();
            throw new CallTimeoutException(time, wasLeftBehind: true);
        }

        try
        {
            return await whole;
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new CallTimeoutException(time, wasLeftBehind: false);
        }
    }

    private static void Start<T>(Func<CancellationToken, Task<T>> call, TaskCompletionSource<Task<T>> started, CancellationToken token)
    {
        try
        {
            started.SetResult(call(token));
        }
        catch (Exception exception)
        {
            // The boundary to the plugin: whatever it throws is what the caller awaits.
            started.SetException(exception);
        }
    }
}

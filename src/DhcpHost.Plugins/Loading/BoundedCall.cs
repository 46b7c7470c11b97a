namespace DhcpHost.Plugins.Loading;

/// <summary>
/// Calls code of a plugin on a thread of its own and waits only so long: code that blocks is left behind with its thread, for .NET cannot
/// end it.
/// </summary>
internal static class BoundedCall
{
    /// <param name="name">The thread's name.</param>
    /// <param name="call">The code; its token is cancelled at the deadline.</param>
    /// <param name="time">How long it may take in all.</param>
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
        try
        {
            return await whole.WaitAsync(time, timeProvider, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            if (!whole.IsCompleted)
            {
                _ = whole.ContinueWith(_ => late?.Invoke(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
            else if (exception is TimeoutException || !token.IsCancellationRequested)
            {
                throw;
            }

            cancellationToken.ThrowIfCancellationRequested();
            throw new CallTimeoutException(time, wasLeftBehind: !whole.IsCompleted);
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

namespace DhcpHost.Scripting.Execution;

/// <summary>Runs a script's first steps on a thread of their own, so that code that blocks holds nobody up: it is left behind.</summary>
internal static class ScriptThread
{
    private const int StackBytes = 1 << 20;

    /// <summary>Runs a function; <c>null</c> where it is not back in time.</summary>
    public static async Task<T?> RunAsync<T>(string name, Func<T> function, TimeSpan limit, TimeProvider timeProvider, CancellationToken cancellationToken)
        where T : class
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(
            () =>
            {
                try
                {
                    result.SetResult(function());
                }
                catch (Exception exception)
                {
                    // Nobody is above this on the thread: it becomes the caller's.
                    result.SetException(exception);
                }
            },
            StackBytes);
        thread.IsBackground = true;
        thread.Name = name;
        thread.Start();
        try
        {
            return await result.Task.WaitAsync(limit, timeProvider, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}

namespace DhcpHost.Core.Reconciling;

/// <summary>A call of a source that ends at its token's end, whatever the source does with it: its own code runs on a thread of the pool.</summary>
internal static class SourceCall
{
    public static async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var running = Task.Run(() => call(cancellationToken), CancellationToken.None);
        Observe(running);
        return await running.WaitAsync(cancellationToken);
    }

    public static async Task RunAsync(Func<CancellationToken, Task> call, CancellationToken cancellationToken)
    {
        var running = Task.Run(() => call(cancellationToken), CancellationToken.None);
        Observe(running);
        await running.WaitAsync(cancellationToken);
    }

    // A call that was given up may fail later: its deadline was the answer.
    private static void Observe(Task running) =>
        _ = running.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}

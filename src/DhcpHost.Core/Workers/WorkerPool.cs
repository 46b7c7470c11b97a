using DhcpHost.Core.Queue;

namespace DhcpHost.Core.Workers;

/// <summary>
/// Workers that take keys from a queue. Their number changes at any time; a worker that is one too many ends when its work is done.
/// </summary>
internal sealed class WorkerPool<TKey>(WorkQueue<TKey> queue, Func<WorkItem<TKey>, Task> work)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Stack<Worker> _workers = new();
    private readonly HashSet<Task> _running = [];
    private int _busy;

    /// <summary>Workers that are wanted.</summary>
    public int Size
    {
        get
        {
            lock (_lock)
            {
                return _workers.Count;
            }
        }
    }

    /// <summary>Workers that have a key now; more than <see cref="Size"/> for as long as surplus ones finish.</summary>
    public int Busy => Volatile.Read(ref _busy);

    /// <summary>Sets the number of workers.</summary>
    public void Resize(int size)
    {
        var surplus = new List<Worker>();
        lock (_lock)
        {
            while (_workers.Count < size)
            {
                var worker = new Worker();
                _workers.Push(worker);
                _running.RemoveWhere(task => task.IsCompleted);
                _running.Add(Task.Run(() => RunAsync(worker), CancellationToken.None));
            }

            while (_workers.Count > size)
            {
                surplus.Add(_workers.Pop());
            }
        }

        foreach (var worker in surplus)
        {
            worker.Idle.Cancel();
        }
    }

    /// <summary>Completes when no worker is left, which is when the queue was shut down and all work is done.</summary>
    public Task WhenAllEndedAsync()
    {
        lock (_lock)
        {
            return Task.WhenAll(_running);
        }
    }

    private async Task RunAsync(Worker worker)
    {
        using (worker.Idle)
        {
            while (!worker.Idle.IsCancellationRequested)
            {
                WorkItem<TKey> item;
                try
                {
                    if (await queue.GetAsync(worker.Idle.Token) is not { } next)
                    {
                        return;
                    }

                    item = next;
                }
                catch (OperationCanceledException)
                {
                    return;
                }

                Interlocked.Increment(ref _busy);
                try
                {
                    await work(item);
                }
                finally
                {
                    Interlocked.Decrement(ref _busy);
                    queue.Done(item.Key);
                }
            }
        }
    }

    private sealed class Worker
    {
        /// <summary>Ends its wait for a key, and so itself; never its work.</summary>
        public CancellationTokenSource Idle { get; } = new();
    }
}

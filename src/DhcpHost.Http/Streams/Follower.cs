namespace DhcpHost.Http.Streams;

/// <summary>Reads a sequence that never ends, with a sign of life while nothing comes.</summary>
/// <typeparam name="T">An item.</typeparam>
internal sealed class Follower<T> : IAsyncDisposable
{
    /// <summary>How long nothing may come before a sign of life.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource _cancellation;
    private readonly IAsyncEnumerator<T> _items;
    private readonly TimeProvider _timeProvider;
    private Task<bool> _next;

    /// <summary>Subscribes at once: what happens from now on is not missed while the caller reads what was before.</summary>
    public Follower(IAsyncEnumerable<T> items, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        _timeProvider = timeProvider;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _items = items.GetAsyncEnumerator(_cancellation.Token);
        _next = _items.MoveNextAsync().AsTask();
    }

    /// <summary>Sends items until the sequence ends or the token is cancelled. What is there at once goes out in one flush.</summary>
    public async Task CopyToAsync(LineStream stream, Func<T, bool> filter, Func<T, long?> id, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (!await _next.WaitAsync(Beat, _timeProvider, cancellationToken))
                {
                    return;
                }
            }
            catch (TimeoutException) when (!_next.IsFaulted)
            {
                await stream.BeatAsync(cancellationToken);
                await stream.FlushAsync(cancellationToken);
                continue;
            }

            var item = _items.Current;
            _next = _items.MoveNextAsync().AsTask();
            if (filter(item))
            {
                await stream.WriteAsync(item, id(item), cancellationToken);
            }

            if (!_next.IsCompleted)
            {
                await stream.FlushAsync(cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _cancellation.CancelAsync();
        // An iterator may not be disposed while it runs; its end, whatever it is, was seen or is of no interest now.
        await _next.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await _items.DisposeAsync();
        _cancellation.Dispose();
    }
}

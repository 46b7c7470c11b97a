namespace DhcpHost.Plugins.Loading;

/// <summary>
/// Observes whether load contexts that were asked to go really go. Asking is all that one can do: a static timer or a thread keeps a
/// context for ever.
/// </summary>
internal sealed class UnloadObserver(TimeProvider timeProvider)
{
    private const int Collections = 12;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private readonly Lock _lock = new();
    private List<WeakReference> _stayed = [];

    /// <summary>Contexts that stayed beyond their time and are still there.</summary>
    public int Leaked
    {
        get
        {
            lock (_lock)
            {
                _stayed = [.. _stayed.Where(context => context.IsAlive)];
                return _stayed.Count;
            }
        }
    }

    /// <summary>Collects garbage, at most twelve times over about ten seconds, until the context is gone.</summary>
    /// <returns>Whether it went.</returns>
    public async Task<bool> ObserveAsync(WeakReference context, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        for (var i = 0; i < Collections; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            if (!context.IsAlive)
            {
                return true;
            }

            await Task.Delay(pause, timeProvider, cancellationToken);
            pause = pause * 2 > TimeSpan.FromSeconds(2) ? TimeSpan.FromSeconds(2) : pause * 2;
        }

        GC.Collect();
        if (!context.IsAlive)
        {
            return true;
        }

        lock (_lock)
        {
            _stayed.Add(context);
        }

        return false;
    }
}

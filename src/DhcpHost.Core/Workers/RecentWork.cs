namespace DhcpHost.Core.Workers;

/// <summary>How the last reconciles went. Thread-safe.</summary>
internal sealed class RecentWork(TimeProvider timeProvider)
{
    private const int Window = 64;
    private const int MostFailures = 10_000;

    private readonly Lock _lock = new();
    private readonly Queue<TimeSpan> _durations = new(Window);
    private readonly Queue<long> _failures = new();

    /// <summary>The median of the last durations; zero before the first.</summary>
    public TimeSpan Median
    {
        get
        {
            lock (_lock)
            {
                return _durations.Count == 0 ? TimeSpan.Zero : _durations.Order().ElementAt(_durations.Count / 2);
            }
        }
    }

    /// <summary>Failures in the last minute.</summary>
    public int Failures
    {
        get
        {
            lock (_lock)
            {
                while (_failures.TryPeek(out var at) && timeProvider.GetElapsedTime(at) > TimeSpan.FromMinutes(1))
                {
                    _failures.Dequeue();
                }

                return _failures.Count;
            }
        }
    }

    public void Add(TimeSpan duration, bool isFailure)
    {
        lock (_lock)
        {
            if (_durations.Count == Window)
            {
                _durations.Dequeue();
            }

            _durations.Enqueue(duration);
            if (isFailure && _failures.Count < MostFailures)
            {
                _failures.Enqueue(timeProvider.GetTimestamp());
            }
        }
    }
}

using DhcpHost.Core.Limits;

namespace DhcpHost.Core.Retry;

/// <summary><c>limits.resyncs_per_minute</c>, over any sixty seconds. Monotonic and thread-safe.</summary>
internal sealed class ResyncBudget(Func<LimitsOptions> limits, TimeProvider timeProvider)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Queue<long> _taken = new();

    /// <summary>Takes one. Where none is left, says after how long there will be one.</summary>
    public bool TryTake(out TimeSpan wait)
    {
        lock (_lock)
        {
            var now = timeProvider.GetTimestamp();
            while (_taken.TryPeek(out var oldest) && timeProvider.GetElapsedTime(oldest, now) >= Window)
            {
                _taken.Dequeue();
            }

            wait = TimeSpan.Zero;
            var budget = limits().ResyncsPerMinute;
            if (_taken.Count < budget)
            {
                _taken.Enqueue(now);
                return true;
            }

            wait = Window - timeProvider.GetElapsedTime(_taken.ElementAt(_taken.Count - budget), now);
            return false;
        }
    }
}

namespace DhcpHost.Scripting.Policies;

/// <summary>A token bucket: how many events a source may write.</summary>
internal sealed class EventBudget(TimeProvider timeProvider, double burst, double perSecond)
{
    private readonly Lock _lock = new();
    private readonly double _burst = burst;
    private double _tokens = burst;
    private long _filledAt = timeProvider.GetTimestamp();
    private long _dropped;

    /// <summary>Takes one.</summary>
    /// <param name="dropped">How many were refused since the last that was not.</param>
    public bool TryTake(out long dropped)
    {
        lock (_lock)
        {
            var now = timeProvider.GetTimestamp();
            _tokens = Math.Min(_burst, _tokens + (timeProvider.GetElapsedTime(_filledAt, now).TotalSeconds * perSecond));
            _filledAt = now;
            if (_tokens < 1)
            {
                dropped = ++_dropped;
                return false;
            }

            _tokens--;
            dropped = _dropped;
            _dropped = 0;
            return true;
        }
    }
}

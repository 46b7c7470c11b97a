namespace DhcpHost.Plugin.Metadata.Requests;

/// <summary>
/// How many requests came in the last window, as HAProxy counts them: those of the current period, and of the one before it the share that
/// the sliding window still covers.
/// </summary>
internal struct RequestRate
{
    private long _period;
    private int _before;
    private int _now;

    /// <summary>Counts a request and tells how many there are in the window that ends now.</summary>
    /// <param name="at">Now, since any fixed moment.</param>
    /// <param name="window">The window.</param>
    public double Count(TimeSpan at, TimeSpan window)
    {
        var period = at.Ticks / window.Ticks;
        if (period != _period)
        {
            _before = period == _period + 1 ? _now : 0;
            (_period, _now) = (period, 0);
        }

        _now++;
        var covered = 1 - (double)(at.Ticks % window.Ticks) / window.Ticks;
        return _now + (_before * covered);
    }
}

namespace DhcpHost.Plugin.InProcess.Leases;

/// <summary>
/// Unix time in milliseconds in which leases run, anchored to the monotonic clock: where the wall clock is set, leases go on for as long as
/// their clients were told. <see cref="TakeStep"/> tells how far it was set, for the leases' ends to be moved along.
/// </summary>
internal sealed class LeaseClock
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _timeProvider;
    private long _anchorTime;
    private long _anchorTimestamp;

    public LeaseClock(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        Anchor();
    }

    /// <summary>Now.</summary>
    public long Now => _anchorTime + (long)_timeProvider.GetElapsedTime(_anchorTimestamp).TotalMilliseconds;

    /// <summary>The milliseconds by which the wall clock was set since the last call; 0 where it runs as it should. Time follows it from here on.</summary>
    public long TakeStep()
    {
        var step = WallTime - Now;
        if (Math.Abs(step) < Tolerance.TotalMilliseconds)
        {
            return 0;
        }

        Anchor();
        return step;
    }

    private long WallTime => _timeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    private void Anchor()
    {
        _anchorTimestamp = _timeProvider.GetTimestamp();
        _anchorTime = WallTime;
    }
}

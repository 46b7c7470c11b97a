namespace DhcpHost.Plugin.InProcess.Tests.Leases;

/// <summary>Time that passes when a test says so, and a wall clock that can be set apart from it, forwards and back.</summary>
internal sealed class SteppingTimeProvider(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset _wall = start;
    private TimeSpan _elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _wall;

    public override long GetTimestamp() => _elapsed.Ticks;

    /// <summary>Time passes.</summary>
    public void Advance(TimeSpan time)
    {
        _elapsed += time;
        _wall += time;
    }

    /// <summary>Somebody sets the clock.</summary>
    public void SetClock(DateTimeOffset time) => _wall = time;
}

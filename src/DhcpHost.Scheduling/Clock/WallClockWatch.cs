namespace DhcpHost.Scheduling.Clock;

/// <summary>Notices that the wall clock was set, by comparing it with the monotonic one.</summary>
/// <remarks>A suspend of the machine looks like a step forward: the monotonic clock stands still then.</remarks>
public sealed class WallClockWatch : IDisposable
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;
    private readonly Action<TimeSpan> _stepped;
    private readonly ITimer _timer;
    private DateTimeOffset _wall;
    private long _monotonic;

    /// <summary>Starts to watch.</summary>
    /// <param name="time">Both clocks.</param>
    /// <param name="interval">How often they are compared.</param>
    /// <param name="stepped">Told by how much it was set: negative for back.</param>
    public WallClockWatch(TimeProvider time, TimeSpan interval, Action<TimeSpan> stepped)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _stepped = stepped;
        _wall = time.GetUtcNow();
        _monotonic = time.GetTimestamp();
        using (ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(static state => ((WallClockWatch)state!).Compare(), this, interval, interval);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Compare()
    {
        var (wall, monotonic) = (_time.GetUtcNow(), _time.GetTimestamp());
        var step = wall - _wall - _time.GetElapsedTime(_monotonic, monotonic);
        (_wall, _monotonic) = (wall, monotonic);
        if (step.Duration() > Tolerance)
        {
            _stepped(step);
        }
    }
}

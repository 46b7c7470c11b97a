namespace DhcpHost.Core.Tests.Queue;

/// <summary>The real time, with a wall clock that somebody sets.</summary>
internal sealed class SteppedTimeProvider : TimeProvider
{
    private long _step;

    public void Step(TimeSpan step) => Interlocked.Add(ref _step, step.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _step));
}

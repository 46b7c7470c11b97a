using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Scheduling.Tests.Fakes;

/// <summary>Fake time whose wall clock can be set without time passing.</summary>
internal sealed class SteppingTimeProvider(DateTimeOffset start) : FakeTimeProvider(start)
{
    private TimeSpan _step;

    public void Step(TimeSpan by) => _step += by;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _step;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;
}

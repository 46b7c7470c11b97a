using System.Diagnostics.Metrics;
using DhcpHost.Logging;

namespace DhcpHost.Tests.Logging;

/// <summary>Counts what the metric of dropped lines says.</summary>
internal sealed class DropCounter : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _count;

    public DropCounter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == HostLogging.MeterName && instrument.Name == HostLogging.DroppedName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _count, value));
        _listener.Start();
    }

    public long Count => Interlocked.Read(ref _count);

    public void Dispose() => _listener.Dispose();
}

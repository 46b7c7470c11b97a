using System.Diagnostics.Metrics;

namespace DhcpHost.Http.Metrics;

/// <summary>
/// Keeps the sums of all instruments of some meters, for the Prometheus text format. ADR 0008 says why it is not OpenTelemetry's SDK.
/// </summary>
/// <remarks>Recording a measurement allocates nothing and takes no lock of the whole.</remarks>
internal sealed class MetricCollector : IDisposable
{
    private const string HostMeter = "DhcpHost";
    private const string RuntimeMeter = "System.Runtime";

    private readonly MeterListener _listener;
    private readonly Lock _scrape = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);

    /// <summary>Collects from now on.</summary>
    /// <param name="isWanted">Which meters, by name.</param>
    public MetricCollector(Func<string, bool> isWanted)
    {
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (isWanted(instrument.Meter.Name))
                {
                    listener.EnableMeasurementEvents(instrument, FamilyOf(instrument));
                }
            },
        };
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, state) => Record(state, (double)value, tags));
        _listener.Start();
    }

    /// <summary>The host's own meters and those of its parts (<c>DhcpHost.Scripting</c>), and the runtime's; not those of plugins.</summary>
    public static bool IsHosts(string meter) => meter is HostMeter or RuntimeMeter || meter.StartsWith($"{HostMeter}.", StringComparison.Ordinal);

    /// <summary>Asks the observable instruments, and writes everything. One scrape at a time.</summary>
    public void Write(TextWriter writer)
    {
        lock (_scrape)
        {
            MetricFamily[] families;
            lock (_families)
            {
                families = [.. _families.Values];
            }

            foreach (var family in families)
            {
                family.BeginScrape();
            }

            _listener.RecordObservableInstruments();
            foreach (var family in families)
            {
                family.Write(writer);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private static void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        (state as MetricFamily)?.Record(value, tags);

    private MetricFamily FamilyOf(Instrument instrument)
    {
        lock (_families)
        {
            var name = MetricName.Of(instrument);
            // An instrument that is made twice (a meter that was disposed and made anew) goes on in its family.
            if (!_families.TryGetValue(name, out var family))
            {
                family = new(name, instrument);
                _families.Add(name, family);
            }

            return family;
        }
    }
}

using System.Diagnostics.Metrics;

namespace DhcpHost.Http.Metrics;

/// <summary>All series of one instrument.</summary>
internal sealed class MetricFamily
{
    /// <summary>Label sets of one instrument; what comes beyond them is summed up in a series that says so.</summary>
    public const int MaxSeries = 500;

    private static readonly double[] DefaultSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    // The runtime publishes them as counters, though they fall: a rate of them would be nonsense.
    private static readonly string[] FallingCounters = ["dotnet.thread_pool.thread.count", "dotnet.thread_pool.queue.length"];
    private static readonly KeyValuePair<string, object?>[] Overflow = [new("otel_metric_overflow", "true")];

    private readonly string _name;
    private readonly string _help;
    private readonly MetricKind _kind;
    private readonly bool _isObservable;
    private readonly bool _isSummed;
    private readonly double[] _bounds;
    private readonly Lock _growth = new();
    private MetricSeries[] _series = [];

    public MetricFamily(string name, Instrument instrument)
    {
        _name = name;
        _help = instrument.Description ?? "";
        _kind = KindOf(instrument);
        _isObservable = instrument.IsObservable;
        _isSummed = !_isObservable && !IsOf(instrument, typeof(Gauge<>));
        _bounds = _kind == MetricKind.Histogram ? BoundsOf(instrument) : [];
    }

    public static MetricKind KindOf(Instrument instrument) =>
        FallingCounters.Contains(instrument.Name) ? MetricKind.Gauge
        : IsOf(instrument, typeof(Counter<>)) || IsOf(instrument, typeof(ObservableCounter<>)) ? MetricKind.Counter
        : IsOf(instrument, typeof(Histogram<>)) ? MetricKind.Histogram
        : MetricKind.Gauge;

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = Find(Volatile.Read(ref _series), tags) ?? Add(tags);
        if (_kind == MetricKind.Histogram)
        {
            series.Observe(value, _bounds);
        }
        else if (_isSummed)
        {
            series.Add(value);
        }
        else
        {
            series.Set(value);
        }
    }

    /// <summary>What an observable instrument does not tell of any more is not written any more.</summary>
    public void BeginScrape()
    {
        if (_isObservable)
        {
            lock (_growth)
            {
                _series = [];
            }
        }
    }

    public void Write(TextWriter writer)
    {
        var series = Volatile.Read(ref _series);
        if (series.Length == 0)
        {
            return;
        }

        if (_help.Length > 0)
        {
            writer.Write($"# HELP {_name} {_help.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal)}\n");
        }

        writer.Write($"# TYPE {_name} {(_kind switch { MetricKind.Counter => "counter", MetricKind.Histogram => "histogram", _ => "gauge" })}\n");
        foreach (var item in series)
        {
            item.Write(writer, _name, _kind == MetricKind.Histogram ? _bounds : null);
        }
    }

    private static MetricSeries? Find(MetricSeries[] series, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var item in series)
        {
            if (item.Has(tags))
            {
                return item;
            }
        }

        return null;
    }

    private MetricSeries Add(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_growth)
        {
            if (_series.Length >= MaxSeries)
            {
                tags = Overflow;
            }

            if (Find(_series, tags) is { } known)
            {
                return known;
            }

            var series = new MetricSeries(tags, _bounds.Length);
            Volatile.Write(ref _series, [.. _series, series]);
            return series;
        }
    }

    private static bool IsOf(Instrument instrument, Type definition) =>
        instrument.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == definition;

    private static double[] BoundsOf(Instrument instrument) =>
        instrument switch
        {
            Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
            Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
            Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
            _ => DefaultSeconds,
        };
}

namespace DhcpHost.Http.Metrics;

/// <summary>The types of Prometheus.</summary>
internal enum MetricKind
{
    /// <summary>Only rises.</summary>
    Counter,

    /// <summary>Rises and falls.</summary>
    Gauge,

    /// <summary>Counts by size.</summary>
    Histogram,
}

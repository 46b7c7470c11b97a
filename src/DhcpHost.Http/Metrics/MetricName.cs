using System.Diagnostics.Metrics;

namespace DhcpHost.Http.Metrics;

/// <summary>Names of OpenTelemetry as Prometheus writes them (OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility").</summary>
internal static class MetricName
{
    /// <summary><c>dotnet.process.cpu.time</c> in <c>s</c>, a counter: <c>dotnet_process_cpu_time_seconds_total</c>.</summary>
    public static string Of(Instrument instrument)
    {
        var name = Clean(instrument.Name);
        if (UnitOf(instrument.Unit) is { } unit
            && !name.EndsWith($"_{unit}", StringComparison.Ordinal)
            && !name.EndsWith($"_{unit}_total", StringComparison.Ordinal))
        {
            name = $"{name}_{unit}";
        }

        return MetricFamily.KindOf(instrument) == MetricKind.Counter && !name.EndsWith("_total", StringComparison.Ordinal) ? $"{name}_total" : name;
    }

    /// <summary>A name of a metric or label: what Prometheus does not take becomes '_'.</summary>
    public static string Clean(string name) =>
        string.Concat(name.Select((c, i) => char.IsAsciiLetter(c) || (char.IsAsciiDigit(c) && i > 0) ? c : '_'));

    private static string? UnitOf(string? unit) => unit switch
    {
        null or "" or "1" => null,
        "s" => "seconds",
        "ms" => "milliseconds",
        "By" or "bytes" => "bytes",
        // An annotation such as {network} is for people.
        _ => unit.StartsWith('{') ? null : Clean(unit),
    };
}

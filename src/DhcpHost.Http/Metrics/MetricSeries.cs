using System.Globalization;
using System.Text;

namespace DhcpHost.Http.Metrics;

/// <summary>The sums of one set of labels.</summary>
internal sealed class MetricSeries
{
    private readonly KeyValuePair<string, object?>[] _tags;
    private readonly string _labels;
    private readonly long[] _buckets;
    private readonly Lock _histogram = new();
    private double _value;
    private long _count;

    public MetricSeries(ReadOnlySpan<KeyValuePair<string, object?>> tags, int bounds)
    {
        _tags = tags.ToArray();
        _labels = Render(_tags);
        _buckets = new long[bounds];
    }

    public bool Has(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length != _tags.Length)
        {
            return false;
        }

        for (var i = 0; i < tags.Length; i++)
        {
            if (!string.Equals(tags[i].Key, _tags[i].Key, StringComparison.Ordinal) || !Equals(tags[i].Value, _tags[i].Value))
            {
                return false;
            }
        }

        return true;
    }

    public void Set(double value) => Volatile.Write(ref _value, value);

    public void Add(double value)
    {
        var seen = Volatile.Read(ref _value);
        while (true)
        {
            var before = Interlocked.CompareExchange(ref _value, seen + value, seen);
            if (before.Equals(seen))
            {
                return;
            }

            seen = before;
        }
    }

    public void Observe(double value, double[] bounds)
    {
        lock (_histogram)
        {
            for (var i = 0; i < bounds.Length; i++)
            {
                if (value <= bounds[i])
                {
                    _buckets[i]++;
                    break;
                }
            }

            _value += value;
            _count++;
        }
    }

    public void Write(TextWriter writer, string name, double[]? bounds)
    {
        if (bounds is null)
        {
            writer.Write($"{name}{Braced(_labels)} {Number(Volatile.Read(ref _value))}\n");
            return;
        }

        lock (_histogram)
        {
            var prefix = _labels.Length == 0 ? "" : $"{_labels},";
            var below = 0L;
            for (var i = 0; i < bounds.Length; i++)
            {
                below += _buckets[i];
                writer.Write($"{name}_bucket{{{prefix}le=\"{Number(bounds[i])}\"}} {Number(below)}\n");
            }

            writer.Write($"{name}_bucket{{{prefix}le=\"+Inf\"}} {Number(_count)}\n");
            writer.Write($"{name}_sum{Braced(_labels)} {Number(_value)}\n");
            writer.Write($"{name}_count{Braced(_labels)} {Number(_count)}\n");
        }
    }

    private static string Braced(string labels) => labels.Length == 0 ? "" : $"{{{labels}}}";

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Render(KeyValuePair<string, object?>[] tags)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in tags.OrderBy(tag => tag.Key, StringComparer.Ordinal))
        {
            var written = value is bool flag ? (flag ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            _ = text.Append(text.Length == 0 ? "" : ",").Append(MetricName.Clean(key)).Append("=\"")
                .Append(written.Replace("\\", @"\\", StringComparison.Ordinal)
                    .Replace("\"", "\\\"", StringComparison.Ordinal)
                    .Replace("\n", @"\n", StringComparison.Ordinal))
                .Append('"');
        }

        return text.ToString();
    }
}

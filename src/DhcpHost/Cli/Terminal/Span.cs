using System.Globalization;

namespace DhcpHost.Cli.Terminal;

/// <summary>Times as people say them.</summary>
internal static class Span
{
    private static readonly TimeSpan JustNow = TimeSpan.FromSeconds(1);

    /// <summary><c>3 ms</c>, <c>1.5 s</c>, <c>4 min 5 s</c>, <c>2 h 10 min</c>, <c>3 d 4 h</c>.</summary>
    public static string Length(TimeSpan time)
    {
        var length = time.Duration();
        return length.TotalMilliseconds < 1 ? Text($"{length.TotalMicroseconds:0} µs")
            : length.TotalSeconds < 1 ? Text($"{length.TotalMilliseconds:0} ms")
            : length.TotalSeconds < 10 ? Text($"{length.TotalSeconds:0.#} s")
            : length.TotalMinutes < 1 ? Text($"{length.TotalSeconds:0} s")
            : length.TotalHours < 1 ? Two(length.Minutes, "min", length.Seconds, "s")
            : length.TotalDays < 1 ? Two(length.Hours, "h", length.Minutes, "min")
            : Two((long)length.TotalDays, "d", length.Hours, "h");
    }

    /// <summary><c>now</c>, <c>5 s ago</c>, <c>in 3 min</c>: the largest unit alone.</summary>
    public static string Relative(TimeSpan fromNow)
    {
        var length = fromNow.Duration();
        if (length < JustNow)
        {
            return "now";
        }

        var text = length.TotalMinutes < 1 ? Text($"{Math.Floor(length.TotalSeconds)} s")
            : length.TotalHours < 1 ? Text($"{Math.Floor(length.TotalMinutes)} min")
            : length.TotalDays < 1 ? Text($"{Math.Floor(length.TotalHours)} h")
            : Text($"{Math.Floor(length.TotalDays)} d");
        return fromNow > TimeSpan.Zero ? $"in {text}" : $"{text} ago";
    }

    /// <summary>RFC 3339, in UTC, to the second.</summary>
    public static string Absolute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Two(long first, string firstUnit, long second, string secondUnit) =>
        second == 0 ? Text($"{first} {firstUnit}") : Text($"{first} {firstUnit} {second} {secondUnit}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

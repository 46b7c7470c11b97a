using System.Globalization;
using System.Text;

namespace DhcpHost.Toml.Values;

/// <summary>Durations as operators write them: <c>250ms</c>, <c>30s</c>, <c>1h30m</c>, <c>1d</c>.</summary>
public static class DurationText
{
    /// <summary>What no end is called.</summary>
    public const string Infinite = "infinite";

    private static readonly (string Suffix, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay), ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond), ("us", TimeSpan.TicksPerMicrosecond),
    ];

    /// <summary>Reads whole numbers with units, from larger units to smaller ones. Never negative.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        var total = 0L;
        var unit = -1;
        if (text.IsEmpty)
        {
            return false;
        }

        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExceptInRange('0', '9');
            var letters = digits <= 0 ? -1 : text[digits..].IndexOfAnyExceptInRange('a', 'z');
            letters = letters < 0 ? text.Length - Math.Max(digits, 0) : letters;
            if (digits <= 0 || !long.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                return false;
            }

            var next = UnitOf(text.Slice(digits, letters));
            if (next <= unit || count > (TimeSpan.MaxValue.Ticks - total) / Units[next].Ticks)
            {
                return false;
            }

            unit = next;
            total += count * Units[unit].Ticks;
            text = text[(digits + letters)..];
        }

        duration = new(total);
        return true;
    }

    /// <summary>Writes what <see cref="TryParse"/> reads.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == Timeout.InfiniteTimeSpan)
        {
            return Infinite;
        }

        if (duration < TimeSpan.Zero)
        {
            return $"-{Format(duration.Negate())}";
        }

        var text = new StringBuilder();
        var rest = duration.Ticks;
        foreach (var (suffix, ticks) in Units)
        {
            if (rest >= ticks)
            {
                text.Append(CultureInfo.InvariantCulture, $"{rest / ticks}{suffix}");
                rest %= ticks;
            }
        }

        return text.Length == 0 ? "0s" : text.ToString();
    }

    private static int UnitOf(ReadOnlySpan<char> suffix)
    {
        for (var i = 0; i < Units.Length; i++)
        {
            if (suffix.SequenceEqual(Units[i].Suffix))
            {
                return i;
            }
        }

        return -1;
    }
}

using System.Globalization;
using System.Text;
using DhcpHost.Abstractions.Drivers;

namespace DhcpHost.Neutron.Settings;

/// <summary>Values of Neutron's options, read by oslo.config's rules (<c>types.py</c>) and written as TOML.</summary>
/// <remarks>Each throws <see cref="FormatException"/> with what is wrong.</remarks>
internal static class OptionValue
{
    public static string Text(string value) => Quote(value);

    public static string? NonEmpty(string value) => value.Trim().Length == 0 ? null : Quote(value.Trim());

    public static string Flag(string value) => ReadFlag(value) ? "true" : "false";

    public static bool ReadFlag(string value) => value.Trim().ToUpperInvariant() switch
    {
        "TRUE" or "1" or "ON" or "YES" => true,
        "FALSE" or "0" or "OFF" or "NO" => false,
        _ => throw new FormatException($"'{value}' is no boolean: true or false"),
    };

    public static Func<string, string?> Count(long least, long most) => value =>
    {
        var number = ReadNumber(value);
        return number >= least && number <= most
            ? number.ToString(CultureInfo.InvariantCulture)
            : throw new FormatException($"{number} is not within {least} and {most}");
    };

    public static long ReadNumber(string value) =>
        long.TryParse(value.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"'{value}' is no whole number");

    /// <summary>Seconds, also with a fraction, as a duration.</summary>
    public static string Seconds(string value)
    {
        var seconds = ReadSeconds(value);
        return seconds == Math.Floor(seconds)
            ? string.Create(CultureInfo.InvariantCulture, $"\"{(long)seconds}s\"")
            : string.Create(CultureInfo.InvariantCulture, $"\"{(long)(seconds * 1000)}ms\"");
    }

    /// <summary>Seconds within what the key takes.</summary>
    public static Func<string, string?> SecondsWithin(double least, double most) => value =>
    {
        var duration = Seconds(value);
        var seconds = ReadSeconds(value);
        return seconds >= least && seconds <= most ? duration : throw new FormatException($"{value.Trim()} is not within {least} and {most} seconds");
    };

    public static double ReadSeconds(string value) =>
        double.TryParse(value.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) <= int.MaxValue
            ? seconds
            : throw new FormatException($"'{value}' is no number of seconds");

    /// <summary>One of some words, in whatever case.</summary>
    public static Func<string, string?> Choice(params string[] words) => value =>
        words.FirstOrDefault(word => word.Equals(value.Trim(), StringComparison.OrdinalIgnoreCase)) is { } word
            ? Quote(word)
            : throw new FormatException($"'{value}' is not offered: {string.Join(", ", words.Where(word => word.Length > 0))}");

    /// <summary>Seconds, where 0 means that there is no such thing.</summary>
    public static string? SecondsOrNone(string value) => ReadNumber(value) switch
    {
        0 => null,
        > 0 => Seconds(value),
        var number => throw new FormatException($"{number} is below 0"),
    };

    /// <summary>A lease time, where -1 means that there is no end.</summary>
    public static string LeaseTime(string value) => ReadNumber(value) switch
    {
        -1 => "\"infinite\"",
        >= 60 => Seconds(value),
        var number => throw new FormatException($"{number} is neither -1 (no end) nor 60 or more seconds: shorter leases are none that clients can keep"),
    };

    public static IReadOnlyList<string> ReadList(string value) => [.. value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    public static string Forwarders(string value) => List(ReadList(value).Select(item => Quote(DnsForwarder.Parse(item).ToString())));

    public static string IpVersions(string value) =>
        List(ReadList(value).Select(item => item is "4" or "6" ? item : throw new FormatException($"'{item}' is no IP version: 4 or 6")));

    private static string List(IEnumerable<string> items) => $"[{string.Join(", ", items)}]";

    /// <summary>A basic string of TOML.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                _ when char.IsControl(c) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }
}

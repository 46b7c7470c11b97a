using System.Globalization;
using System.Text;
using NLog;

namespace DhcpHost.Logging;

/// <summary>Writes a log event as a line for people or for the journal.</summary>
internal static class LogLines
{
    private const int NetworkWidth = 12;
    private const string Reset = "\u001b[0m";

    /// <summary>The name of the logger scope, and of the property of a message, that holds the network's id.</summary>
    public const string NetworkProperty = "Network";

    /// <summary><c>12:34:56.789 INF lab          Engine: message</c>.</summary>
    public static string ForTerminal(LogEventInfo entry, bool hasColor)
    {
        var line = new StringBuilder(160);
        var (word, color) = LevelOf(entry.Level);
        line.Append(CultureInfo.InvariantCulture, $"{entry.TimeStamp:HH:mm:ss.fff} ");
        line.Append(hasColor ? color : "").Append(word).Append(hasColor ? Reset : "").Append(' ');
        var start = line.Length;
        LogText.Append(line, NetworkOf(entry) ?? "-");
        line.Append(' ', Math.Max(0, NetworkWidth - (line.Length - start))).Append(' ');
        line.Append(ShortCategory(entry.LoggerName)).Append(": ");
        LogText.Append(line, entry.FormattedMessage ?? "");
        AppendException(line, entry, "  ");
        return line.ToString();
    }

    /// <summary><c>&lt;6&gt;[lab] Engine: message</c>; every line of it bears the level, or the journal would take it for another.</summary>
    public static string ForJournal(LogEventInfo entry)
    {
        var prefix = string.Create(CultureInfo.InvariantCulture, $"<{PriorityOf(entry.Level)}>");
        var line = new StringBuilder(prefix, 160);
        if (NetworkOf(entry) is { } network)
        {
            line.Append('[');
            LogText.Append(line, network);
            line.Append("] ");
        }

        line.Append(ShortCategory(entry.LoggerName)).Append(": ");
        LogText.Append(line, entry.FormattedMessage ?? "");
        AppendException(line, entry, prefix + "  ");
        return line.ToString();
    }

    /// <summary>The network that an event is about: of its message, else of the scope that it was written in.</summary>
    public static string? NetworkOf(LogEventInfo entry)
    {
        if (entry.HasProperties && entry.Properties.TryGetValue(NetworkProperty, out var own))
        {
            return own?.ToString();
        }

        return ScopeContext.TryGetProperty(NetworkProperty, out var scoped) || ScopeContext.TryGetProperty("network", out scoped) ? scoped?.ToString() : null;
    }

    private static void AppendException(StringBuilder line, LogEventInfo entry, string prefix)
    {
        if (entry.Exception is null)
        {
            return;
        }

        foreach (var part in entry.Exception.ToString().Split('\n'))
        {
            line.Append('\n').Append(prefix);
            LogText.Append(line, part.TrimEnd('\r'));
        }
    }

    private static string ShortCategory(string? name) => name is null ? "" : name[(name.LastIndexOf('.') + 1)..];

    private static (string Word, string Color) LevelOf(NLog.LogLevel level) => level.Ordinal switch
    {
        0 => ("TRC", "\u001b[90m"),
        1 => ("DBG", "\u001b[90m"),
        2 => ("INF", "\u001b[32m"),
        3 => ("WRN", "\u001b[33m"),
        4 => ("ERR", "\u001b[31m"),
        _ => ("CRT", "\u001b[97;41m"),
    };

    private static int PriorityOf(NLog.LogLevel level) => level.Ordinal switch { 0 or 1 => 7, 2 => 6, 3 => 4, 4 => 3, _ => 2 };
}

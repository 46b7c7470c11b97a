using System.Collections.Concurrent;

namespace DhcpHost.Logging;

/// <summary>Which lines of which category are written. Immutable, but for what it remembers of categories that asked.</summary>
internal sealed class LevelTable(LoggingOptions options)
{
    private static readonly Dictionary<string, LogThreshold> Quiet = new(StringComparer.Ordinal)
    {
        ["Quartz"] = LogThreshold.Warning,
        ["Microsoft"] = LogThreshold.Warning,
        ["System"] = LogThreshold.Warning,
    };

    private readonly ConcurrentDictionary<string, LogLevel> _known = new(StringComparer.Ordinal);

    /// <summary>Whether a line is written.</summary>
    public bool IsEnabled(string category, LogLevel level) => level >= _known.GetOrAdd(category, Find);

    private LogLevel Find(string category)
    {
        // A category itself, then what it lies below: DhcpHost.Core holds for DhcpHost.Core.Engine, not for DhcpHost.CoreOther.
        for (var name = category; name.Length > 0; name = name[..Math.Max(0, name.LastIndexOf('.'))])
        {
            if (options.Levels.TryGetValue(name, out var threshold) || Quiet.TryGetValue(name, out threshold))
            {
                return (LogLevel)threshold;
            }
        }

        return (LogLevel)options.Level;
    }
}

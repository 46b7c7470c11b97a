namespace DhcpHost.Logging;

/// <summary>The table <c>[logging]</c>: what is logged, and where to.</summary>
public sealed class LoggingOptions
{
    /// <summary>The least grave line that is written, where no category says otherwise.</summary>
    /// <value>Default <see cref="LogThreshold.Info"/>.</value>
    public LogThreshold Level { get; set; } = LogThreshold.Info;

    /// <summary>The same for categories: <c>"DhcpHost.Core" = "debug"</c> holds for it and all below it; the longest name that fits wins.</summary>
    /// <value>Default: none; Quartz and ASP.NET (<c>Quartz</c>, <c>Microsoft</c>) are at <c>warning</c>.</value>
    public IReadOnlyDictionary<string, LogThreshold> Levels { get; set; } = new Dictionary<string, LogThreshold>();

    /// <summary>How lines on standard error look.</summary>
    /// <value>Default <see cref="ConsoleFormat.Auto"/>.</value>
    public ConsoleFormat Console { get; set; }

    /// <summary>A file of JSON lines.</summary>
    public LogFileOptions File { get; set; } = new();
}

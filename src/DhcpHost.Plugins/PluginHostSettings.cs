namespace DhcpHost.Plugins;

/// <summary>What the plugin host is given.</summary>
public sealed record PluginHostSettings
{
    /// <summary>The table <c>[plugins]</c>.</summary>
    public PluginsOptions Options { get; init; } = new();

    /// <summary>The plugins' own tables.</summary>
    public PluginTables Tables { get; init; } = PluginTables.Empty;

    /// <summary>The directory of <c>host.toml</c>.</summary>
    public required string ConfigDirectory { get; init; }

    /// <summary>Each plugin gets <c>&lt;id&gt;</c> below it (0711: servers of other accounts pass to their files), which lasts.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>Private copies of the plugins' files, from which they are loaded. Several hosts may share it.</summary>
    public required string CacheDirectory { get; init; }

    /// <summary>The host's name, as sources know it.</summary>
    public required string HostName { get; init; }

    /// <summary>
    /// The time that a plugin has to start, and its drivers to tell their first health: <c>limits.plugin_start_time</c>, asked at each start.
    /// </summary>
    public Func<TimeSpan> StartTime { get; init; } = () => TimeSpan.FromSeconds(10);

    /// <summary>The time that a plugin has to end itself.</summary>
    public TimeSpan EndTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time that the engine has to hand a driver's servers to its next version: <c>limits.reconcile_time</c>, asked each time.</summary>
    public Func<TimeSpan> TakeoverTime { get; init; } = () => TimeSpan.FromMinutes(2);
}

using DhcpHost.Core.Engine;
using DhcpHost.Core.Limits;
using DhcpHost.Http;
using DhcpHost.Logging;
using DhcpHost.Plugins;
using DhcpHost.Scheduling.Definition;
using DhcpHost.Scripting;
using DhcpHost.Toml;

namespace DhcpHost.Configuration;

/// <summary>The whole of <c>host.toml</c>.</summary>
public sealed class HostConfig
{
    /// <summary>Who this host is, and its directories.</summary>
    public HostOptions Host { get; set; } = new();

    /// <summary>What nothing may exceed.</summary>
    public LimitsOptions Limits { get; set; } = new();

    /// <summary>What serves a network that does not say it itself.</summary>
    public DefaultsOptions Defaults { get; set; } = new();

    /// <summary>How the engine goes about its work.</summary>
    public EngineOptions Engine { get; set; } = new();

    /// <summary>Where plugins are, and which are trusted.</summary>
    public PluginsOptions Plugins { get; set; } = new();

    /// <summary>A table for each driver plugin, by its id; the plugin says which keys it has.</summary>
    public IReadOnlyDictionary<string, TomlTableView> Drivers { get; set; } = new Dictionary<string, TomlTableView>();

    /// <summary>A table for each source plugin, by its id; the plugin says which keys it has. A source without a table is not used.</summary>
    public IReadOnlyDictionary<string, TomlTableView> Sources { get; set; } = new Dictionary<string, TomlTableView>();

    /// <summary>Where scripts are.</summary>
    public ScriptingOptions Scripts { get; set; } = new();

    /// <summary>What runs at its times, by name. Built-in jobs without a table have their own schedules.</summary>
    public IReadOnlyDictionary<string, JobOptions> Jobs { get; set; } = new Dictionary<string, JobOptions>();

    /// <summary>Where the management API listens.</summary>
    public ManagementOptions Management { get; set; } = new();

    /// <summary>What is logged, and where to.</summary>
    public LoggingOptions Logging { get; set; } = new();
}

using DhcpHost.Plugins.Packages;
using DhcpHost.Plugins.Registry;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugins.Supervision;

/// <summary>What all plugins' supervisors share.</summary>
internal sealed class PluginRuntime(
    PluginHostSettings settings, DriverRegistry registry, PluginEvents events, PluginMetrics metrics, ILoggerFactory loggerFactory, TimeProvider timeProvider)
{
    private PluginTables _tables = settings.Tables;

    public PluginHostSettings Settings => settings;

    public DriverRegistry Registry => registry;

    public PluginEvents Events => events;

    public PluginMetrics Metrics => metrics;

    public ILoggerFactory LoggerFactory => loggerFactory;

    public TimeProvider TimeProvider => timeProvider;

    public PackageReader Packages { get; } = new(settings.Options, settings.CacheDirectory);

    /// <summary>The plugins' options as <c>host.toml</c> has them now.</summary>
    public PluginTables Tables
    {
        get => Volatile.Read(ref _tables);
        set => Volatile.Write(ref _tables, value);
    }

    /// <summary>Whether the host's start is over: from then on no source is taken in.</summary>
    public bool IsStarted { get; set; }
}

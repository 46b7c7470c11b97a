using DhcpHost.Abstractions.Networks;
using DhcpHost.Configuration;
using DhcpHost.Core.Engine;
using DhcpHost.Core.Events;
using DhcpHost.Core.Metrics;
using DhcpHost.Core.Plugins;
using DhcpHost.Core.State;
using DhcpHost.Plugins;
using DhcpHost.Scripting;
using DhcpHost.Scripting.Compilation;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Hosting;

/// <summary>
/// The parts that read, for commands that work without a running host. What they must write goes to a directory that is removed with them.
/// </summary>
internal sealed class OfflineParts : IAsyncDisposable
{
    private readonly string _scratch = Directory.CreateTempSubdirectory("dhcphost-").FullName;
    private readonly EngineMetrics _metrics = new();
    private readonly StateStore _state;
    private readonly PluginTables _tables;
    private readonly DefaultsOptions _defaults;

    public OfflineParts(LoadedConfig loaded, TimeProvider time)
    {
        var (config, loggers) = (loaded.Config, NullLoggerFactory.Instance);
        (_tables, _defaults) = (loaded.PluginTables, config.Defaults);
        _state = new(config.Host.StateDirectory, () => config.Limits, time, NullLogger<StateStore>.Instance);
        var events = new EventLog(_state, _metrics, time, NullLogger<EventLog>.Instance);
        config.Scripts.CacheDirectory = Path.Combine(_scratch, "scripts");
        config.Plugins.Watch = false;
        Scripts = new(config.Scripts, () => config.Limits, new InProcessCompiler(), events, time, loggers, SeedScriptsCommand.BesideProgram);
        var state = Path.Combine(config.Host.StateDirectory, "plugins");
        var settings = new PluginHostSettings
        {
            Options = config.Plugins,
            Tables = loaded.PluginTables,
            ConfigDirectory = loaded.Directory,
            // Where a host ran before, its own: plugins compare with what is there. Otherwise nothing shall be left there. Who is not root only checks.
            StateDirectory = Environment.IsPrivilegedProcess && Directory.Exists(state) ? state : Path.Combine(_scratch, "state"),
            CacheDirectory = Path.Combine(_scratch, "plugins"),
            HostName = config.Host.Name,
            StartTime = () => config.Limits.PluginStartTime,
        };
        Plugins = new(settings, events, loggers, time);
        Engine = new(config.Engine, config.Defaults, config.Limits, Plugins.Registry, Scripts.Policies, _state, events, _metrics, time, loggers);
    }

    public ScriptHost Scripts { get; }

    public PluginHost Plugins { get; }

    public DhcpEngine Engine { get; }

    /// <summary>What is wrong with plugins and their tables. That a driver cannot work here is nothing wrong where the site has no use for it.</summary>
    public IEnumerable<string> PluginProblems => Plugins.UnclaimedTables.Select(error => error.ToString())
        .Concat(Plugins.Plugins.Where(plugin => plugin.State is PluginState.Failed || (plugin.State is PluginState.Unhealthy && IsUsed(plugin.Id)))
            .Select(plugin => $"plugin {plugin.Id}: {plugin.Message}"));

    private bool IsUsed(PluginId id) =>
        _tables.Has(PluginKind.Driver, id) || _tables.Has(PluginKind.Source, id)
        || id.Value == _defaults.InterfaceDriver || id.Value == _defaults.DhcpDriver || id.Value == _defaults.MetadataDriver;

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await Plugins.DisposeAsync();
        await Scripts.DisposeAsync();
        _metrics.Dispose();
        Directory.Delete(_scratch, recursive: true);
    }
}

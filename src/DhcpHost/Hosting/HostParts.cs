using System.Reflection;
using DhcpHost.Core.Engine;
using DhcpHost.Core.Events;
using DhcpHost.Core.Metrics;
using DhcpHost.Core.State;
using DhcpHost.Http;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Processes;
using DhcpHost.Logging;
using DhcpHost.Plugins;
using DhcpHost.Scheduling;
using DhcpHost.Scripting;
using DhcpHost.Scripting.Compilation;

namespace DhcpHost.Hosting;

/// <summary>All parts of the daemon, made but not started: the one place that knows which part needs which.</summary>
internal sealed class HostParts : IAsyncDisposable
{
    private readonly NetnsBroker _broker = new(threads: 1);
    private readonly ProcessWatcher _watcher;
    private readonly EpollLoop _epoll = new();
    private readonly EngineMetrics _metrics = new();

    public HostParts(LiveConfig live, HostLogging logging, TimeProvider time)
    {
        var loggers = logging.Factory;
        var (config, directory) = (live.Started.Config, live.Started.Directory);
        _watcher = new(time);
        State = new(config.Host.StateDirectory, () => live.Limits, time, loggers.CreateLogger<StateStore>());
        Events = new(State, _metrics, time, loggers.CreateLogger<EventLog>());
        var compiler = ChildProcessCompiler.ForThisExecutable(
            new ProcessSpawner(_broker, _watcher, time), Path.Combine(config.Host.CacheDirectory, "compiler"));
        Scripts = new(config.Scripts, () => live.Limits, compiler, Events, time, loggers, SeedScriptsCommand.BesideProgram);
        var settings = new PluginHostSettings
        {
            Options = config.Plugins,
            Tables = live.Started.PluginTables,
            ConfigDirectory = directory,
            StateDirectory = Path.Combine(config.Host.StateDirectory, "plugins"),
            CacheDirectory = Path.Combine(config.Host.CacheDirectory, "plugins"),
            HostName = config.Host.Name,
            StartTime = () => live.Limits.PluginStartTime,
            TakeoverTime = () => live.Limits.ReconcileTime,
        };
        Plugins = new(settings, Events, loggers, time);
        Engine = new(config.Engine, config.Defaults, config.Limits, Plugins.Registry, Scripts.Policies, State, Events, _metrics, time, loggers);
        Jobs = new(Engine, Scripts.Jobs, Events, config.Host.StateDirectory, () => live.Limits, time, loggers);
        var services = new ManagementServices
        {
            Engine = Engine,
            Events = Events,
            Plugins = Plugins,
            Scripts = Scripts.Catalog,
            Jobs = Jobs,
            Limits = () => live.Limits,
            Version = Version,
            ConfigPath = live.Started.Path,
            ConfigProblem = () => live.Problem,
            LogProblem = () => logging.FileProblem,
        };
        Management = new(config.Management, services, loggers, time);
    }

    /// <summary>The host's version.</summary>
    public static string Version { get; } =
        typeof(HostParts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    public StateStore State { get; }

    public EventLog Events { get; }

    public ScriptHost Scripts { get; }

    public PluginHost Plugins { get; }

    public DhcpEngine Engine { get; }

    public JobScheduler Jobs { get; }

    public ManagementServer Management { get; }

    /// <summary>What notices changes of files.</summary>
    public EpollLoop Epoll => _epoll;

    /// <summary>Ends what no stage of the start owns.</summary>
    public async ValueTask DisposeAsync()
    {
        await State.DisposeAsync();
        await Management.DisposeAsync();
        await Scripts.DisposeAsync();
        _epoll.Dispose();
        _watcher.Dispose();
        _broker.Dispose();
        _metrics.Dispose();
    }
}

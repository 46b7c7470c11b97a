using System.Collections.Immutable;
using System.Text.Json;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Policies;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Events;
using DhcpHost.Core.Limits;
using DhcpHost.Core.Metrics;
using DhcpHost.Core.Plugins;
using DhcpHost.Core.Policies;
using DhcpHost.Core.Queue;
using DhcpHost.Core.Reconciling;
using DhcpHost.Core.Retry;
using DhcpHost.Core.Sources;
using DhcpHost.Core.State;
using DhcpHost.Core.Store;
using DhcpHost.Core.Workers;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Core.Engine;

/// <summary>
/// The engine: sources tell the store, the store's changes go into the queue, workers reconcile network by network, drivers make it real. Start it with
/// <see cref="StartAsync"/> once all plugins are loaded, end it with <see cref="StopAsync"/>: the servers run on.
/// </summary>
public sealed partial class DhcpEngine : IEngine, IAsyncDisposable
{
    private readonly EngineOptions _options;
    private readonly IDriverRegistry _registry;
    private readonly IPolicies _policies;
    private readonly StateStore _state;
    private readonly EventLog _events;
    private readonly EngineMetrics _metrics;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _log;

    private readonly NetworkStore _store = new();
    private readonly NetworkTable _table = new();
    private readonly Admission _admission = new();
    private readonly WorkQueue<NetworkId> _queue;
    private readonly DriverCalls _calls;
    private readonly NetworkReconciler _reconciler;
    private readonly RetryRules _retryRules;
    private readonly ResyncBudget _budget;
    private readonly RecentWork _recent;
    private readonly WorkerPool<NetworkId> _pool;
    private readonly PoolSizer _sizer;
    private readonly SyncProgress _sync = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _recovered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task> _loops = [];
    private ImmutableArray<SourceWatcher> _sources = [];
    private EngineSettings _settings;
    private DateTimeOffset? _startedAt;
    private int _adopted;
    private int _isStarted;
    private int _isStopped;

    /// <summary>An engine that is not started.</summary>
    /// <param name="options">How it goes about its work.</param>
    /// <param name="defaults">How networks are served; replaced by <see cref="Reconfigure"/>.</param>
    /// <param name="limits">What nothing may exceed; replaced by <see cref="Reconfigure"/>.</param>
    /// <param name="registry">The drivers and sources.</param>
    /// <param name="policies">The site's policies.</param>
    /// <param name="state">What it remembers. The engine opens it, and closes it at the end.</param>
    /// <param name="events">The history.</param>
    /// <param name="metrics">The instruments.</param>
    /// <param name="timeProvider">Time.</param>
    /// <param name="loggers">Logs.</param>
    public DhcpEngine(
        EngineOptions options,
        DefaultsOptions defaults,
        LimitsOptions limits,
        IDriverRegistry registry,
        IPolicies policies,
        StateStore state,
        EventLog events,
        EngineMetrics metrics,
        TimeProvider timeProvider,
        ILoggerFactory loggers)
    {
        (_options, _registry, _policies, _state, _events, _metrics, _timeProvider) = (options, registry, policies, state, events, metrics, timeProvider);
        _log = loggers.CreateLogger<DhcpEngine>();
        _settings = EngineSettings.From(defaults, limits, generation: 0);
        _recent = new(timeProvider);
        _sizer = new(policies, () => Settings.Limits, Load, size => _pool!.Resize(size), events, metrics, timeProvider);
        _queue = new(timeProvider, new LoadMeter(metrics, _sizer));
        _pool = new(_queue, WorkAsync);
        _budget = new(() => Settings.Limits, timeProvider);
        _retryRules = new(policies, () => Settings.Limits, metrics, Random.Shared.NextDouble);
        _calls = new(registry);
        _reconciler = new(
            _store,
            state,
            _calls,
            new(policies, registry, events, metrics),
            _admission,
            policies,
            () => Settings,
            id => FindWatcher(id)?.Source,
            id => FindWatcher(id)?.Reporter,
            IsAbsenceKnown,
            events,
            metrics,
            timeProvider);
        _admission.Freed = RetryRefused;
        metrics.Observe(Phases, () => _queue.Snapshot, () => (_pool.Size, _pool.Busy), () => _admission.Servers);
    }

    /// <inheritdoc/>
    public EngineStatus Status
    {
        get
        {
            // In this order: a source says that it was listed after its networks were counted in.
            var sources = _sources;
            var areListed = sources.All(source => source.HasListed);
            var (done, total) = _sync.Progress;
            return new()
            {
                StartedAt = _startedAt,
                IsSynced = _startedAt is not null && done == total && areListed,
                Phases = Phases(),
                Networks = _store.Networks.Count,
                SyncDone = done,
                SyncTotal = total,
                QueueLength = _queue.Snapshot.Depth,
                Workers = _pool.Size,
                BusyWorkers = _pool.Busy,
                Servers = _state.Networks.Sum(network => network.Handles.Count(handle => handle.Kind != DriverKind.Interface)),
                AdoptedServers = _adopted,
                Sources = sources.ToDictionary(source => source.Id, source => source.Health),
                StateProblem = _state.Problem,
            };
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<NetworkStatus> Networks =>
        [.. _table.Networks.Select(runtime => runtime.Status).OfType<NetworkStatus>().Where(status => status.Phase != NetworkPhase.Removed)
            .OrderBy(status => status.Id)];

    private EngineSettings Settings => Volatile.Read(ref _settings);

    /// <inheritdoc/>
    public NetworkStatus? FindStatus(NetworkId id) => _table.Find(id)?.Status;

    /// <inheritdoc/>
    public Network? FindNetwork(NetworkId id) => _store.Find(id)?.Network;

    /// <inheritdoc/>
    public IAsyncEnumerable<NetworkStatus> WatchAsync(CancellationToken cancellationToken) => _table.WatchAsync(cancellationToken);

    /// <summary>Takes over new settings of <c>host.toml</c>; networks are then decided anew, behind live changes, quarantined ones too.</summary>
    public void Reconfigure(DefaultsOptions defaults, LimitsOptions limits)
    {
        var before = Settings;
        Volatile.Write(ref _settings, EngineSettings.From(defaults, limits, before.Generation + 1));
        RedecideAll();
        RetryRefused();
        _sizer.Touch();
    }

    /// <summary>
    /// Has every network decided anew, behind live changes: to be called when a policy script changed. The engine also finds that out by
    /// itself, within a second.
    /// </summary>
    public void RedecideAll()
    {
        foreach (var id in _store.Networks.Keys)
        {
            Free(_table.GetOrAdd(id));
            _queue.Add(id, WorkPriority.Bulk);
        }
    }

    private SourceWatcher? FindWatcher(PluginId id) => _sources.FirstOrDefault(source => source.Id == id);

    /// <summary>
    /// Whether a network that is not in the store is certainly not wished for: its source was read, or all were where nobody knows which
    /// one it is of.
    /// </summary>
    private bool IsAbsenceKnown(StoredNetwork stored) =>
        stored.Source is { } source ? FindWatcher(source)?.WasRead == true : !_sources.IsEmpty && _sources.All(watcher => watcher.WasRead);

    private Dictionary<string, int> Phases()
    {
        var phases = Enum.GetValues<NetworkPhase>().Where(phase => phase != NetworkPhase.Removed)
            .ToDictionary(phase => JsonNamingPolicy.SnakeCaseLower.ConvertName(phase.ToString()), _ => 0);
        foreach (var runtime in _table.Networks)
        {
            if (runtime.Status is { Phase: not NetworkPhase.Removed } status)
            {
                phases[JsonNamingPolicy.SnakeCaseLower.ConvertName(status.Phase.ToString())]++;
            }
        }

        return phases;
    }

    private PoolSizeContext Load()
    {
        var limits = Settings.Limits;
        return new()
        {
            Networks = _store.Networks.Count,
            Pending = _queue.Snapshot.Depth,
            Running = _pool.Busy,
            CurrentSize = _pool.Size,
            RecentLatency = _recent.Median,
            RecentFailures = _recent.Failures,
            Cpus = Environment.ProcessorCount,
            Min = limits.WorkersMin,
            Max = limits.WorkersMax,
        };
    }

    /// <summary>The queue's meter: also tells the pool that the load changed.</summary>
    private sealed class LoadMeter(EngineMetrics metrics, PoolSizer sizer) : IWorkQueueMeter
    {
        public void Added()
        {
            metrics.Added();
            sizer.Touch();
        }

        public void HandedOut(TimeSpan latency) => metrics.HandedOut(latency);

        public void Finished(TimeSpan duration)
        {
            metrics.Finished(duration);
            sizer.Touch();
        }
    }
}

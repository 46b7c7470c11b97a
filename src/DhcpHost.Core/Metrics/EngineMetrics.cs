using System.Diagnostics.Metrics;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Core.Queue;

namespace DhcpHost.Core.Metrics;

/// <summary>The engine's instruments, on the meter <c>DhcpHost</c>. Labels are few and bounded: never a network's or a port's id.</summary>
public sealed class EngineMetrics : IWorkQueueMeter, IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "DhcpHost";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _queueAdds;
    private readonly Histogram<double> _queueLatency;
    private readonly Histogram<double> _workDuration;

    /// <summary>The instruments.</summary>
    public EngineMetrics()
    {
        _queueAdds = _meter.CreateCounter<long>("dhcphost_queue_adds_total", description: "Keys added to the work queue.");
        _queueLatency = _meter.CreateHistogram<double>("dhcphost_queue_latency_seconds", "s", "How long keys were ready before a worker had them.");
        _workDuration = _meter.CreateHistogram<double>("dhcphost_queue_work_seconds", "s", "How long workers had keys.");
        Reconciles = _meter.CreateCounter<long>("dhcphost_reconcile_total", description: "Reconciles by result.");
        ReconcileDuration = _meter.CreateHistogram<double>("dhcphost_reconcile_seconds", "s", "How long reconciles took, by result.");
        ServerActions = _meter.CreateCounter<long>("dhcphost_server_actions_total", description: "What applies did to servers, by driver and action.");
        ServerExits = _meter.CreateCounter<long>("dhcphost_server_exits_total", description: "Servers that ended by themselves, by driver.");
        LimitRefusals = _meter.CreateCounter<long>("dhcphost_limit_refusals_total", description: "Refusals by limit.");
        Resyncs = _meter.CreateCounter<long>("dhcphost_resyncs_total", description: "Full lists of sources.");
        Retries = _meter.CreateCounter<long>("dhcphost_retries_total", description: "Failed reconciles that got another attempt, by kind of failure.");
        Quarantines = _meter.CreateCounter<long>("dhcphost_quarantines_total", description: "Networks that were quarantined, by kind of failure.");
        EventsDropped = _meter.CreateCounter<long>("dhcphost_events_dropped_total", description: "Events that a follower or the state file lost.");
        PolicyProblems = _meter.CreateCounter<long>(
            "dhcphost_policy_problems_total", description: "Policy calls that the newest script did not decide, by policy.");
        PoolChanges = _meter.CreateCounter<long>("dhcphost_pool_changes_total", description: "Changes of the number of workers.");
    }

    /// <summary>
    /// Tells counters a zero for every label value that is known beforehand, so that they are there before the first time. To be called when those who
    /// collect listen.
    /// </summary>
    public void Announce()
    {
        foreach (var result in new[] { "ready", "degraded", "refused", "disabled", "removed", "unchanged", "error", "cancelled" })
        {
            Reconciles.Add(0, new KeyValuePair<string, object?>("result", result));
        }

        foreach (var limit in new[]
        {
            "networks",
            "subnets_per_network",
            "ports_per_network",
            "servers",
            "resyncs_per_minute",
            "reconcile_time",
            "retry_attempts",
            "workers_max",
        })
        {
            LimitRefusals.Add(0, new KeyValuePair<string, object?>("limit", limit));
        }

        foreach (var failure in Enum.GetValues<FailureKind>())
        {
            var kind = KindOf(failure);
            Retries.Add(0, kind);
            Quarantines.Add(0, kind);
        }

        Resyncs.Add(0);
        EventsDropped.Add(0);
        PoolChanges.Add(0);
    }

    /// <summary>The label of a kind of failure.</summary>
    public static KeyValuePair<string, object?> KindOf(FailureKind failure) => new("kind", failure.ToString().ToLowerInvariant());

    /// <summary>Reconciles by <c>result</c>.</summary>
    public Counter<long> Reconciles { get; }

    /// <summary>Their duration by <c>result</c>.</summary>
    public Histogram<double> ReconcileDuration { get; }

    /// <summary>What applies did, by <c>driver</c> and <c>action</c>.</summary>
    public Counter<long> ServerActions { get; }

    /// <summary>Servers that ended by themselves, by <c>driver</c>.</summary>
    public Counter<long> ServerExits { get; }

    /// <summary>Refusals by <c>limit</c>.</summary>
    public Counter<long> LimitRefusals { get; }

    /// <summary>Full lists of sources.</summary>
    public Counter<long> Resyncs { get; }

    /// <summary>Retries by <c>kind</c>.</summary>
    public Counter<long> Retries { get; }

    /// <summary>Quarantines by <c>kind</c>.</summary>
    public Counter<long> Quarantines { get; }

    /// <summary>Events that somebody lost.</summary>
    public Counter<long> EventsDropped { get; }

    /// <summary>Policy calls that the newest script did not decide, by <c>policy</c>.</summary>
    public Counter<long> PolicyProblems { get; }

    /// <summary>Changes of the number of workers.</summary>
    public Counter<long> PoolChanges { get; }

    /// <summary>A limit refused something.</summary>
    public void LimitReached(string limit) => LimitRefusals.Add(1, new KeyValuePair<string, object?>("limit", limit));

    /// <summary>Shows what is now, whenever the meter is read.</summary>
    internal void Observe(Func<IReadOnlyDictionary<string, int>> phases, Func<WorkQueueSnapshot> queue, Func<(int Size, int Busy)> workers, Func<int> servers)
    {
        _meter.CreateObservableGauge(
            "dhcphost_networks",
            () => phases().Select(pair => new Measurement<int>(pair.Value, new KeyValuePair<string, object?>("phase", pair.Key))),
            description: "Networks by phase.");
        _meter.CreateObservableGauge("dhcphost_queue_depth", () => queue().Depth, description: "Keys that are ready for a worker.");
        _meter.CreateObservableGauge("dhcphost_queue_waiting", () => queue().Waiting, description: "Keys that wait for their time.");
        _meter.CreateObservableGauge(
            "dhcphost_queue_longest_running_seconds", () => queue().LongestRunning.TotalSeconds, "s", "How long the longest work under way has taken.");
        _meter.CreateObservableGauge("dhcphost_workers", () => workers().Size, description: "Workers.");
        _meter.CreateObservableGauge("dhcphost_workers_busy", () => workers().Busy, description: "Workers that have a network.");
        _meter.CreateObservableGauge("dhcphost_servers", servers, description: "Servers that run.");
    }

    /// <inheritdoc/>
    public void Added() => _queueAdds.Add(1);

    /// <inheritdoc/>
    public void HandedOut(TimeSpan latency) => _queueLatency.Record(latency.TotalSeconds);

    /// <inheritdoc/>
    public void Finished(TimeSpan duration) => _workDuration.Record(duration.TotalSeconds);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}

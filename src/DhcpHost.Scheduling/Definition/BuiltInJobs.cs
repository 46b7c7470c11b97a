using System.Collections.Frozen;
using DhcpHost.Core.Engine;

namespace DhcpHost.Scheduling.Definition;

/// <summary>The jobs that the host brings, each with the schedule that it has where <c>host.toml</c> says nothing.</summary>
public static class BuiltInJobs
{
    private static readonly FrozenDictionary<string, (TimeSpan Every, TimeSpan Jitter, Func<IEngine, CancellationToken, Task<EngineAnswer>> Run)> Jobs =
        new Dictionary<string, (TimeSpan, TimeSpan, Func<IEngine, CancellationToken, Task<EngineAnswer>>)>
        {
            ["full-resync"] = (TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), (engine, token) => engine.ResyncAllAsync("job full-resync", token)),
            ["drift-audit"] = (TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(30), (engine, token) => engine.AuditDriftAsync(token)),
            ["orphan-sweep"] = (TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(1), (engine, token) => engine.SweepOrphansAsync(dryRun: false, token)),
            ["lease-snapshot"] = (TimeSpan.FromMinutes(5), TimeSpan.Zero, (engine, token) => engine.SnapshotLeasesAsync(token)),
            ["quarantine-probe"] = (TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1), (engine, _) => Task.FromResult(engine.ProbeQuarantine())),
            ["pool-sizing"] = (TimeSpan.FromSeconds(30), TimeSpan.Zero, (engine, _) => Task.FromResult(engine.ResizePool())),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Their names, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Jobs.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Whether there is one of that name.</summary>
    public static bool Contains(string name) => Jobs.ContainsKey(name);

    /// <summary>The interval and the jitter of one without a table, or whose table says nothing of them.</summary>
    public static (TimeSpan Every, TimeSpan Jitter) ScheduleOf(string name) => (Jobs[name].Every, Jobs[name].Jitter);

    internal static Task<EngineAnswer> RunAsync(string name, IEngine engine, CancellationToken cancellationToken) =>
        Jobs[name].Run(engine, cancellationToken);
}

using DhcpHost.Core.Limits;
using DhcpHost.Scheduling.Definition;
using DhcpHost.Scheduling.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Scheduling.Tests;

/// <summary>A scheduler over fakes.</summary>
internal sealed class SchedulerFixture : IAsyncDisposable
{
    public const string StateDirectory = "/srv/state of dhcphost";

    public SchedulerFixture(TimeProvider time)
    {
        Time = time;
        Scheduler = new(Engine, Scripts, Events, StateDirectory, () => Limits, time, NullLoggerFactory.Instance);
    }

    public TimeProvider Time { get; }

    public FakeEngine Engine { get; } = new();

    public FakeEventLog Events { get; } = new();

    public FakeJobScripts Scripts { get; } = new();

    public LimitsOptions Limits { get; } = new();

    public JobScheduler Scheduler { get; }

    public static IReadOnlyDictionary<string, JobSpec> Jobs(params JobSpec[] specs) => specs.ToDictionary(spec => spec.Name);

    public static JobSpec Audit(TimeSpan? every = null, string name = "drift-audit") => new()
    {
        Name = name,
        BuiltIn = "drift-audit",
        Schedule = every is { } interval ? JobSchedule.Every(interval, MisfireRule.RunOnce) : null,
    };

    public static JobSpec Script(string script, TimeSpan? every = null) => new()
    {
        Name = script,
        Script = script,
        Schedule = every is { } interval ? JobSchedule.Every(interval, MisfireRule.RunOnce) : null,
    };

    public ValueTask DisposeAsync() => Scheduler.DisposeAsync();
}

using System.Collections.Concurrent;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Engine;
using DhcpHost.Core.Events;
using DhcpHost.Core.Jobs;
using DhcpHost.Core.Limits;
using DhcpHost.Core.Scripts;
using DhcpHost.Scheduling.Clock;
using DhcpHost.Scheduling.Definition;
using DhcpHost.Scheduling.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quartz;

namespace DhcpHost.Scheduling;

/// <summary>
/// The scheduled jobs, on Quartz with a store in memory: schedules come from <c>host.toml</c> at each start, so there is nothing to keep.
/// </summary>
/// <remarks>A job never overlaps itself, whoever starts it; a failure is an event and a status and never ends its schedule.</remarks>
public sealed partial class JobScheduler : IJobCatalog, IAsyncDisposable
{
    private const int Threads = 4;
    private static readonly TimeSpan MisfireThreshold = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ClockInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SameFailureInterval = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, JobSlot> _slots = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string Message, DateTimeOffset Time)> _reported = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly IJobScripts _scripts;
    private readonly IEventLog _events;
    private readonly Func<LimitsOptions> _limits;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly JobAction _action;
    private StandaloneSchedulerFactory? _factory;
    private IScheduler? _quartz;
    private WallClockWatch? _clock;

    /// <summary>Makes a scheduler; nothing runs before <see cref="StartAsync"/>.</summary>
    /// <param name="engine">What the built-in jobs call.</param>
    /// <param name="scripts">What script jobs run.</param>
    /// <param name="events">Where failures are recorded.</param>
    /// <param name="stateDirectory">The host's state directory, as scripts are told it.</param>
    /// <param name="limits">The limits now: <see cref="LimitsOptions.JobTime"/>.</param>
    /// <param name="time">Time.</param>
    /// <param name="loggers">Logs, Quartz's own too.</param>
    public JobScheduler(
        IEngine engine,
        IJobScripts scripts,
        IEventLog events,
        string stateDirectory,
        Func<LimitsOptions> limits,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        (_scripts, _events, _limits, _time, _loggers) = (scripts, events, limits, time, loggers);
        _logger = loggers.CreateLogger<JobScheduler>();
        _action = new(engine, scripts, new ScriptJobHost(engine, events, time, stateDirectory), _logger);
    }

    /// <summary>Starts the clockwork; jobs run from here on.</summary>
    public async Task StartAsync(IReadOnlyDictionary<string, JobSpec> jobs, CancellationToken cancellationToken)
    {
        _factory = QuartzSchedulerBuilder.Create(quartz => quartz
            .ConfigureScheduler(options => options.InstanceName = "dhcphost")
            .UseDefaultThreadPool(Threads)
            .UseInMemoryStore(options => options.MisfireThreshold = MisfireThreshold)
            .UseTimeProvider(_time)
            .UseJobFactory(new SlotJobFactory(name => _slots.TryGetValue(name, out var slot) ? new ScheduledJob(slot, _time, RunScheduledAsync) : null))
            .Services.AddSingleton(_loggers)).Build();
        _quartz = await _factory.GetScheduler(cancellationToken);
        await ApplyAsync(jobs, cancellationToken);
        await _quartz.Start(cancellationToken);
        _clock = new(_time, ClockInterval, step => _ = FollowClockAsync(step));
    }

    /// <summary>Changes the jobs: those that are the same keep their next time, and a run under way goes on.</summary>
    /// <returns>The names of the jobs that were added, changed or removed.</returns>
    public async Task<IReadOnlyList<string>> ApplyAsync(IReadOnlyDictionary<string, JobSpec> jobs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        await _changing.WaitAsync(cancellationToken);
        try
        {
            var changed = new List<string>();
            foreach (var name in _slots.Keys.Where(name => !jobs.ContainsKey(name)).ToList())
            {
                await Quartz.DeleteJob(new(name), cancellationToken);
                _slots.TryRemove(name, out _);
                changed.Add(name);
            }

            foreach (var spec in jobs.Values)
            {
                if (await ApplyAsync(spec, cancellationToken))
                {
                    changed.Add(spec.Name);
                }
            }

            return [.. changed.Order(StringComparer.Ordinal)];
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<JobStatus>> ListAsync(CancellationToken cancellationToken)
    {
        var statuses = new List<JobStatus>(_slots.Count);
        foreach (var slot in _slots.Values.OrderBy(slot => slot.Spec.Name, StringComparer.Ordinal))
        {
            statuses.Add(await StatusOfAsync(slot, cancellationToken));
        }

        return statuses;
    }

    /// <inheritdoc/>
    public async Task<JobStatus?> RunNowAsync(string name, CancellationToken cancellationToken)
    {
        if (!_slots.TryGetValue(name, out var slot))
        {
            return null;
        }

        var run = slot.RunAsync(_stopping.Token, out var isNew);
        if (isNew)
        {
            // Reported also where the caller does not wait to the end.
            run = ReportAsync(slot, run, byCommand: true);
        }

        await run.WaitAsync(cancellationToken);
        return await StatusOfAsync(slot, cancellationToken);
    }

    /// <summary>Ends the schedules and the runs under way.</summary>
    public async ValueTask DisposeAsync()
    {
        _clock?.Dispose();
        await _stopping.CancelAsync();
        if (_factory is not null)
        {
            await _factory.DisposeAsync();
        }

        _stopping.Dispose();
        _changing.Dispose();
    }

    private IScheduler Quartz => _quartz ?? throw new InvalidOperationException("The scheduler is not started.");

    private async Task<bool> ApplyAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        var slot = _slots.GetValueOrDefault(spec.Name);
        if (slot?.Spec == spec)
        {
            return false;
        }

        if (spec.Script is not null && !_scripts.Names.Contains(spec.Script))
        {
            Record(
                EventSeverity.Warning, "job.script_missing", $"job {spec.Name}: there is no script {spec.Script}.csx (yet); its runs fail until there is one");
        }

        var isSameSchedule = slot is not null && slot.Spec.Schedule == spec.Schedule;
        if (slot is null)
        {
            slot = new(spec, _action, () => _limits().JobTime, _time);
            _slots[spec.Name] = slot;
        }
        else
        {
            slot.Update(spec);
        }

        if (!isSameSchedule)
        {
            await ScheduleAsync(spec, cancellationToken);
        }

        return true;
    }

    private async Task ScheduleAsync(JobSpec spec, CancellationToken cancellationToken)
    {
        var key = new JobKey(spec.Name);
        await Quartz.DeleteJob(key, cancellationToken);
        if (spec.Schedule is not { } schedule)
        {
            return;
        }

        var trigger = TriggerBuilder.Create(_time).WithIdentity(spec.Name).WithSchedule(schedule.ToQuartz());
        if (schedule.Interval is { } interval)
        {
            // The first run is one interval from now: at the start the host does what these jobs do anyway.
            trigger = trigger.StartAt(_time.GetUtcNow() + interval);
        }

        await Quartz.ScheduleJob(JobBuilder.Create<ScheduledJob>().WithIdentity(key).Build(), trigger.Build(), default, cancellationToken);
    }

    private async Task<JobStatus> StatusOfAsync(JobSlot slot, CancellationToken cancellationToken)
    {
        try
        {
            var trigger = _quartz is null ? null : await _quartz.GetTrigger(new(slot.Spec.Name), cancellationToken);
            return slot.Status with { NextRun = trigger?.NextFireTimeUtc };
        }
        catch (SchedulerException) when (_stopping.IsCancellationRequested)
        {
            return slot.Status;
        }
    }

    private async Task RunScheduledAsync(JobSlot slot, CancellationToken cancellationToken)
    {
        var run = slot.RunAsync(_stopping.Token, out var isNew);
        await (isNew ? ReportAsync(slot, run, byCommand: false) : run).WaitAsync(cancellationToken);
    }

    private async Task<JobOutcome> ReportAsync(JobSlot slot, Task<JobOutcome> run, bool byCommand)
    {
        var outcome = await run;
        var name = slot.Spec.Name;
        if (_stopping.IsCancellationRequested)
        {
            return outcome;
        }

        if (outcome.Failed)
        {
            // A job that runs every few seconds and always fails alike must not push everything else out of the history.
            var now = _time.GetUtcNow();
            if (byCommand || !_reported.TryGetValue(name, out var last) || last.Message != outcome.Message || now - last.Time >= SameFailureInterval)
            {
                _reported[name] = (outcome.Message, now);
                Record(EventSeverity.Error, "job.failed", $"job {name} failed: {outcome.Message}");
            }
        }
        else if (_reported.TryRemove(name, out _))
        {
            Record(EventSeverity.Info, "job.recovered", $"job {name} works again: {outcome.Message}");
        }
        else if (byCommand)
        {
            Record(EventSeverity.Info, "job.done", $"job {name} was run by command: {outcome.Message}");
        }

        LogRun(name, outcome.Failed ? "failed" : "done", outcome.Message);
        return outcome;
    }

    /// <summary>Times that were computed before the clock was set back would be too far away: all schedules begin anew from the new time.</summary>
    private async Task FollowClockAsync(TimeSpan step)
    {
        try
        {
            await _changing.WaitAsync(_stopping.Token);
            try
            {
                var direction = step < TimeSpan.Zero ? "back" : "forward";
                Record(EventSeverity.Warning, "clock.stepped", $"the clock was set {direction} by {step.Duration():c}; the schedules of all jobs follow");
                if (step < TimeSpan.Zero)
                {
                    foreach (var slot in _slots.Values)
                    {
                        await ScheduleAsync(slot.Spec, _stopping.Token);
                    }
                }
            }
            finally
            {
                _changing.Release();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The host stops.
        }
        catch (SchedulerException exception)
        {
            LogClock(exception);
        }
    }

    private void Record(EventSeverity severity, string kind, string message) =>
        _events.Record(new() { Time = _time.GetUtcNow(), Severity = severity, Kind = kind, Message = message });

    [LoggerMessage(EventId = 7002, Level = LogLevel.Debug, Message = "Job {Job} {Outcome}: {Message}")]
    private partial void LogRun(string job, string outcome, string message);

    [LoggerMessage(EventId = 7003, Level = LogLevel.Error, Message = "The schedules could not follow the clock")]
    private partial void LogClock(Exception exception);
}

using System.Globalization;

namespace DhcpHost.Scheduling.Definition;

/// <summary>Makes jobs of tables.</summary>
public static class JobSpecs
{
    private static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(1);

    /// <summary>The built-in jobs with their own schedules.</summary>
    public static IReadOnlyDictionary<string, JobSpec> Defaults { get; } = BuiltInJobs.Names.ToDictionary(name => name, Default, StringComparer.Ordinal);

    /// <summary>Makes a job of its table.</summary>
    /// <param name="name">The table's name.</param>
    /// <param name="options">What it says.</param>
    /// <param name="now">The time now: a cron expression has to fit a later one.</param>
    /// <param name="problems">Everything that is wrong is added here.</param>
    /// <returns>The job; <c>null</c> where something is wrong.</returns>
    public static JobSpec? Create(string name, JobOptions options, DateTimeOffset now, ICollection<JobProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(problems);
        var before = problems.Count;
        var builtIn = options.Run ?? (options.Script is null && BuiltInJobs.Contains(name) ? name : null);
        CheckAction(name, options, builtIn, problems);
        var schedule = ScheduleOf(options, builtIn, now, problems);
        var jitter = options.Jitter == TimeSpan.Zero && options is { Cron: null, Every: null } && builtIn is not null && BuiltInJobs.Contains(builtIn)
            ? BuiltInJobs.ScheduleOf(builtIn).Jitter
            : options.Jitter;
        if (schedule?.Interval is { } interval && jitter >= interval)
        {
            problems.Add(new("jitter", "must be shorter than the interval"));
        }

        return problems.Count > before ? null : new()
        {
            Name = name,
            BuiltIn = builtIn,
            Script = options.Script,
            Schedule = options.Enabled ? schedule : null,
            Jitter = jitter,
        };
    }

    private static JobSpec Default(string name)
    {
        var (every, jitter) = BuiltInJobs.ScheduleOf(name);
        return new() { Name = name, BuiltIn = name, Schedule = JobSchedule.Every(every, MisfireRule.RunOnce), Jitter = jitter };
    }

    private static void CheckAction(string name, JobOptions options, string? builtIn, ICollection<JobProblem> problems)
    {
        var known = $"built-in jobs: {string.Join(", ", BuiltInJobs.Names)}";
        if (options is { Run: not null, Script: not null })
        {
            problems.Add(new("script", "cannot stand beside run", "make two jobs of them"));
        }
        else if (builtIn is null && options.Script is null)
        {
            problems.Add(new("", $"does not say what {name} runs", $"set script, or run; {known}"));
        }
        else if (builtIn is not null && !BuiltInJobs.Contains(builtIn))
        {
            problems.Add(new("run", $"there is no built-in job '{builtIn}'", known));
        }
    }

    private static JobSchedule? ScheduleOf(JobOptions options, string? builtIn, DateTimeOffset now, ICollection<JobProblem> problems)
    {
        if (options is { Cron: not null, Every: not null })
        {
            problems.Add(new("every", "cannot stand beside cron", "keep one of them"));
        }
        else if (options.Cron is not null)
        {
            return CronOf(options, now, problems);
        }
        else if (options.TimeZone is not null)
        {
            problems.Add(new("time_zone", "means nothing without cron"));
        }
        else if (options.Every is { } every)
        {
            if (every < LeastInterval)
            {
                problems.Add(new("every", string.Create(CultureInfo.InvariantCulture, $"must be at least {LeastInterval.TotalSeconds:0}s")));
                return null;
            }

            return JobSchedule.Every(every, options.Misfire);
        }
        else if (builtIn is not null && BuiltInJobs.Contains(builtIn))
        {
            return JobSchedule.Every(BuiltInJobs.ScheduleOf(builtIn).Every, options.Misfire);
        }
        else if (options.Enabled)
        {
            problems.Add(new("", "does not say when it runs", "set cron or every; or enabled = false, to run it by command alone"));
        }

        return null;
    }

    private static JobSchedule? CronOf(JobOptions options, DateTimeOffset now, ICollection<JobProblem> problems)
    {
        var zone = TimeZoneInfo.Local;
        if (options.TimeZone is not null && !TimeZoneInfo.TryFindSystemTimeZoneById(options.TimeZone, out zone))
        {
            problems.Add(new("time_zone", $"there is no time zone '{options.TimeZone}'", "names are those of the zoneinfo database, such as Europe/Berlin"));
            return null;
        }

        try
        {
            return JobSchedule.FromCron(options.Cron!, zone, options.Misfire, now);
        }
        catch (FormatException exception)
        {
            problems.Add(new("cron", $"'{options.Cron}': {exception.Message.TrimEnd('.')}"));
            return null;
        }
    }
}

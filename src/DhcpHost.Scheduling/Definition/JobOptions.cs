using System.ComponentModel.DataAnnotations;

namespace DhcpHost.Scheduling.Definition;

/// <summary>A table <c>[jobs.NAME]</c>: what runs, and when. A table that bears the name of a built-in job changes only what it says.</summary>
public sealed record JobOptions
{
    /// <summary>The built-in job that runs: one of <see cref="BuiltInJobs.Names"/>.</summary>
    /// <value>Default: the table's own name, where that is one of them and <see cref="Script"/> is not set.</value>
    public string? Run { get; set; }

    /// <summary>The script that runs: a name in the jobs folder of <c>[scripts]</c>, without its ending.</summary>
    [RegularExpression("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", ErrorMessage = "must be the name of a script, without folder and ending")]
    public string? Script { get; set; }

    /// <summary>
    /// When it runs, as a cron expression: of 5 fields (minute hour day month weekday, as in <c>crontab(5)</c>; 0 and 7 are Sunday), or of 6 fields, which
    /// begin with the second and follow Quartz's rules (one of day and weekday is <c>?</c>; 1 is Sunday). Names of days and months mean the same in both.
    /// </summary>
    public string? Cron { get; set; }

    /// <summary>How much time is between two starts; at least one second.</summary>
    public TimeSpan? Every { get; set; }

    /// <summary>The time zone of <see cref="Cron"/>, as in the zoneinfo database: <c>Europe/Berlin</c>, <c>UTC</c>.</summary>
    /// <value>Default: the host's own.</value>
    public string? TimeZone { get; set; }

    /// <summary>What becomes of runs whose time passed while the job could not run.</summary>
    /// <value>Default <see cref="MisfireRule.RunOnce"/>.</value>
    public MisfireRule Misfire { get; set; }

    /// <summary>Whether it runs by itself; by command it runs in any case.</summary>
    /// <value>Default true.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>The most that a start is put off, by chance, so that many hosts do not act in the same second.</summary>
    /// <value>Default none.</value>
    public TimeSpan Jitter { get; set; }
}

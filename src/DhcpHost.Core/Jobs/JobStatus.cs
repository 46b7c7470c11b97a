namespace DhcpHost.Core.Jobs;

/// <summary>How a scheduled job is.</summary>
public sealed record JobStatus
{
    /// <summary>Its name in <c>[jobs.NAME]</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it does: <c>built-in full-resync</c>, <c>script nightly.csx</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Its schedule, as written: a cron expression or an interval; <c>null</c> where it is disabled.</summary>
    public string? Schedule { get; init; }

    /// <summary>Whether it runs now.</summary>
    public bool IsRunning { get; init; }

    /// <summary>When it runs next.</summary>
    public DateTimeOffset? NextRun { get; init; }

    /// <summary>When it began last.</summary>
    public DateTimeOffset? LastRun { get; init; }

    /// <summary>How long that took.</summary>
    public TimeSpan? LastDuration { get; init; }

    /// <summary>What came of it: a sentence.</summary>
    public string? LastResult { get; init; }

    /// <summary>Whether it failed.</summary>
    public bool LastFailed { get; init; }

    /// <summary>Runs since the host started.</summary>
    public long Runs { get; init; }

    /// <summary>Failed runs since the host started.</summary>
    public long FailedRuns { get; init; }
}

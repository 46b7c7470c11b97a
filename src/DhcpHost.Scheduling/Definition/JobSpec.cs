namespace DhcpHost.Scheduling.Definition;

/// <summary>A job as it is wished for: checked, immutable, equal where nothing changed.</summary>
public sealed record JobSpec
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The built-in job that runs; <c>null</c> for a script.</summary>
    public string? BuiltIn { get; init; }

    /// <summary>The script that runs; <c>null</c> for a built-in job.</summary>
    public string? Script { get; init; }

    /// <summary>When; <c>null</c> where it runs by command alone.</summary>
    public JobSchedule? Schedule { get; init; }

    /// <summary>The most that a start is put off.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>What it does, for people.</summary>
    public string Action => BuiltIn is null ? $"script {Script}.csx" : $"built-in {BuiltIn}";
}

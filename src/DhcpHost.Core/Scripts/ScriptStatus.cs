using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Core.Scripts;

/// <summary>How a script is.</summary>
public sealed record ScriptStatus
{
    /// <summary>Its name: <c>pool-size</c>, <c>jobs/nightly</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its file; <c>null</c> where the built-in rule stands in for a file that is not there.</summary>
    public string? Path { get; init; }

    /// <summary>The start of the hash of the content in force; <c>null</c> for the built-in rule.</summary>
    public string? Hash { get; init; }

    /// <summary>Whether the newest content of the file is in force.</summary>
    public required bool IsCurrent { get; init; }

    /// <summary>When the content in force was loaded.</summary>
    public DateTimeOffset? LoadedAt { get; init; }

    /// <summary>Calls since the host started.</summary>
    public long Calls { get; init; }

    /// <summary>Calls that threw or took too long.</summary>
    public long Failures { get; init; }

    /// <summary>What is wrong with the newest content: compiler messages with file, line and column, or the last failure.</summary>
    public EquatableArray<string> Problems { get; init; }
}

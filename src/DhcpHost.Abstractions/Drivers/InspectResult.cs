using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Drivers;

/// <summary>What a driver saw when it looked.</summary>
public sealed record InspectResult
{
    /// <summary>How it is.</summary>
    public required InspectState State { get; init; }

    /// <summary>What differs, or the evidence.</summary>
    public string? Reason { get; init; }

    /// <summary>The server's process, where it has one.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Bytes of private memory of that process.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>When it was started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Further facts for people.</summary>
    public EquatableMap Details { get; init; } = EquatableMap.Empty;
}

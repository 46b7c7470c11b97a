using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Sources;

/// <summary>Whether a source can be read.</summary>
public sealed record SourceHealth
{
    /// <summary>It can, at least in part.</summary>
    public required bool IsHealthy { get; init; }

    /// <summary>What was found, in a sentence.</summary>
    public required string Message { get; init; }

    /// <summary>Parts that cannot be read, each with its place: <c>networks/lab.toml:4:8: subnets[0].cidr: …</c>.</summary>
    public EquatableArray<string> Problems { get; init; }
}

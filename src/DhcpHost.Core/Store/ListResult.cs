using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Core.Store;

/// <summary>What a full list of a source did to the store.</summary>
public sealed record ListResult
{
    /// <summary>Networks that are new or differ.</summary>
    public required IReadOnlyList<NetworkId> Changed { get; init; }

    /// <summary>Networks that are as they were.</summary>
    public required IReadOnlyList<NetworkId> Unchanged { get; init; }

    /// <summary>Networks that the list lacks, and that are therefore gone.</summary>
    public required IReadOnlyList<NetworkId> Removed { get; init; }

    /// <summary>Networks that another source tells of.</summary>
    public required IReadOnlyList<NetworkId> Claimed { get; init; }
}

using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Policies;

namespace DhcpHost.Core.Engine;

/// <summary>What a reconcile of a network would do.</summary>
public sealed record NetworkPreview
{
    /// <summary>The network.</summary>
    public required NetworkId Id { get; init; }

    /// <summary>Its name for people.</summary>
    public string Name { get; init; } = "";

    /// <summary>The drivers that would serve it.</summary>
    public DriverSelection? Drivers { get; init; }

    /// <summary>Why nothing would be served, where nothing would: disabled, refused, removed, or an error.</summary>
    public string? Reason { get; init; }

    /// <summary>What would happen, in order: by driver.</summary>
    public EquatableArray<DriverPreview> Steps { get; init; }
}

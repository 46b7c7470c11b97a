using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Status;

/// <summary>One server of a network.</summary>
public sealed record ServerStatus
{
    /// <summary>The segment; <c>null</c> where the network has just one.</summary>
    public SegmentId? SegmentId { get; init; }

    /// <summary>Its interface.</summary>
    public InterfaceBinding? Interface { get; init; }

    /// <summary>What the last reconcile did to the server.</summary>
    public ApplyAction? LastAction { get; init; }

    /// <summary>Whether a metadata proxy runs.</summary>
    public bool HasMetadata { get; init; }
}

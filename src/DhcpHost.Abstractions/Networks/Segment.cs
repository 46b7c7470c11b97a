namespace DhcpHost.Abstractions.Networks;

/// <summary>A layer-2 part of a routed provider network; each has a server of its own.</summary>
public sealed record Segment
{
    /// <summary>Its id.</summary>
    public required SegmentId Id { get; init; }

    /// <summary>Neutron's <c>network_type</c>: <c>flat</c>, <c>vlan</c>, <c>vxlan</c>, …; empty where unknown.</summary>
    public string NetworkType { get; init; } = "";

    /// <summary>Neutron's <c>physical_network</c>.</summary>
    public string? PhysicalNetwork { get; init; }

    /// <summary>The VLAN id, VNI or the like.</summary>
    public int? SegmentationId { get; init; }
}

namespace DhcpHost.Abstractions.Networks;

/// <summary>Where a network's layer 2 is on this host. What is unset, the interface driver finds by its own rule.</summary>
public sealed record NetworkAttachment
{
    /// <summary>The Linux or Open vSwitch bridge by name.</summary>
    public string? Bridge { get; init; }

    /// <summary>Neutron's <c>network_type</c>.</summary>
    public string? NetworkType { get; init; }

    /// <summary>Neutron's <c>physical_network</c>.</summary>
    public string? PhysicalNetwork { get; init; }

    /// <summary>The VLAN id, VNI or the like.</summary>
    public int? SegmentationId { get; init; }
}

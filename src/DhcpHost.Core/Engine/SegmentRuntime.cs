using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Reconciling;

namespace DhcpHost.Core.Engine;

/// <summary>What was applied last on a segment. A plan that is <c>null</c> has to be applied, whatever the handle says.</summary>
internal sealed class SegmentRuntime
{
    /// <summary>What the source was asked for when it gave <see cref="HostPort"/>.</summary>
    public EquatableArray<SubnetId> HostPortSubnets { get; set; }

    /// <summary>The host's own port.</summary>
    public Port? HostPort { get; set; }

    /// <summary>Whether the source lists the host's own port among the network's.</summary>
    public bool IsHostPortListed { get; set; }

    public InterfacePlan? InterfacePlan { get; set; }

    public InterfaceBinding? Interface { get; set; }

    public DhcpPlan? DhcpPlan { get; set; }

    public MetadataPlan? MetadataPlan { get; set; }

    /// <summary>What the network's instances are told.</summary>
    public InstanceTable Instances { get; } = new();

    public ApplyAction? LastAction { get; set; }

    /// <summary>Refusals by driver kind, as of the last apply: an apply that is skipped keeps them.</summary>
    public EquatableArray<Refusal> InterfaceRefusals { get; set; }

    public EquatableArray<Refusal> DhcpRefusals { get; set; }

    public EquatableArray<Refusal> MetadataRefusals { get; set; }

    public void Invalidate() => (InterfacePlan, DhcpPlan, MetadataPlan) = (null, null, null);
}

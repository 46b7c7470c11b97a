using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.InProcess.Plans;

/// <summary>A plan without what no client notices, and with its ports in one order: two that are equal serve the same.</summary>
internal static class ServedPlan
{
    public static DhcpPlan Of(DhcpPlan plan)
    {
        var network = plan.Network;
        return plan with
        {
            Limits = new(),
            InheritedLeases = null,
            Network = network with
            {
                Name = "",
                ProjectId = "",
                Labels = EquatableMap.Empty,
                RevisionNumber = 0,
                AdminStateUp = true,
                Segments = [],
                Attachment = new(),
                DhcpDriver = null,
                InterfaceDriver = null,
                Subnets = network.Subnets.Select(Of).ToEquatableArray(),
                NonLocalSubnets = network.NonLocalSubnets.Select(Of).ToEquatableArray(),
                Ports = network.Ports.Select(Of).OrderBy(port => port.Id.Value, StringComparer.Ordinal).ToEquatableArray(),
            },
        };
    }

    private static Subnet Of(Subnet subnet) => subnet with { Name = "", RevisionNumber = 0, AllocationPools = [] };

    private static Port Of(Port port) =>
        port with { Name = "", ProjectId = "", RevisionNumber = 0, Status = "", HostId = null, AdminStateUp = true };

    /// <summary>What differs between two plans, in words.</summary>
    public static IReadOnlyList<string> Compare(DhcpPlan before, DhcpPlan after)
    {
        var reasons = new List<string>();
        Add("subnets changed", before.Network.Subnets == after.Network.Subnets && before.Network.NonLocalSubnets == after.Network.NonLocalSubnets);
        Add("ports changed", before.Network.Ports == after.Network.Ports);
        Add("options changed", before.Options == after.Options);
        Add("the interface's addresses changed", before.Interface == after.Interface);
        Add("the metadata proxy's place changed", before.Metadata == after.Metadata);
        Add("the network changed", before.Network == after.Network with
        {
            Subnets = before.Network.Subnets,
            NonLocalSubnets = before.Network.NonLocalSubnets,
            Ports = before.Network.Ports,
        });
        return reasons;

        void Add(string reason, bool isEqual)
        {
            if (!isEqual)
            {
                reasons.Add(reason);
            }
        }
    }
}

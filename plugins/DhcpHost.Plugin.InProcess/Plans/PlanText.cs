using System.Text.Json;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.InProcess.Plans;

/// <summary>Plans for people who look at what an apply would change.</summary>
internal static class PlanText
{
    private static readonly JsonSerializerOptions Indented = new(ModelJson.Options) { WriteIndented = true };

    /// <summary>The parts that differ, before and after.</summary>
    public static EquatableArray<PreviewedChange> Compare(DhcpPlan? before, DhcpPlan after)
    {
        var changes = new List<PreviewedChange>();
        Add("network", before is null ? null : before.Network with { Ports = [], Subnets = [] }, after.Network with { Ports = [], Subnets = [] });
        Add("subnets", before?.Network.Subnets, after.Network.Subnets);
        Add("ports", before?.Network.Ports, after.Network.Ports);
        Add("options", before?.Options, after.Options);
        Add("interface", before?.Interface, after.Interface);
        return changes.ToEquatableArray();

        void Add(string subject, object? left, object right)
        {
            if (!right.Equals(left))
            {
                changes.Add(new(subject, left is null ? null : JsonSerializer.Serialize(left, Indented), JsonSerializer.Serialize(right, Indented)));
            }
        }
    }
}

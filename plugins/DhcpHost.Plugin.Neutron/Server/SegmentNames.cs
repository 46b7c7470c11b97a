using System.Globalization;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Neutron.Server;

/// <summary>
/// Calls the segments that this host serves what neutron-dhcp-agent calls them, by their segmentation id: its directories and pid files are
/// <c>SEGMENTATION_ID/NETWORK</c> (neutron, <c>agent/linux/dhcp.py</c>, <c>DhcpLocalProcess</c>), and either is to find what the other left.
/// </summary>
internal static class SegmentNames
{
    // What Python makes of a flat segment's.
    private static readonly SegmentId Flat = new("None");

    /// <summary>
    /// The network with the ids of its segments replaced where they have a subnet here, and no other one of them has the same segmentation id.
    /// </summary>
    public static Network Apply(Network network)
    {
        if (network.Segments.IsEmpty)
        {
            return network;
        }

        var served = network.Subnets.Select(subnet => subnet.SegmentId).ToHashSet();
        var names = network.Segments.Where(segment => served.Contains(segment.Id))
            .GroupBy(NameOf)
            .Where(same => same.Count() == 1)
            .ToDictionary(same => same.Single().Id, same => same.Key);
        return names.Count == 0 ? network : network with
        {
            Segments = network.Segments.Select(segment => segment with { Id = names.GetValueOrDefault(segment.Id, segment.Id) }).ToEquatableArray(),
            Subnets = Rename(network.Subnets, names),
            NonLocalSubnets = Rename(network.NonLocalSubnets, names),
        };
    }

    /// <summary>The segmentation id that is in a name; <c>null</c> for none.</summary>
    public static int? Read(SegmentId? name) =>
        name is { } known && int.TryParse(known.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static EquatableArray<Subnet> Rename(EquatableArray<Subnet> subnets, Dictionary<SegmentId, SegmentId> names) =>
        subnets.Select(
            subnet => subnet.SegmentId is { } id && names.TryGetValue(id, out var name) ? subnet with { SegmentId = name } : subnet).ToEquatableArray();

    private static SegmentId NameOf(Segment segment) => segment.SegmentationId is { } number ? new(number.ToString(CultureInfo.InvariantCulture)) : Flat;
}

using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Core.Reconciling;

/// <summary>The parts of a network that get a server each: one for all of it, or one for each segment of a routed provider network.</summary>
internal static class Segmentation
{
    /// <summary>The parts that have a subnet with DHCP, each with the network cut down to its own subnets.</summary>
    public static IReadOnlyList<NetworkSegment> Split(Network network)
    {
        var ids = network.Subnets.Select(subnet => subnet.SegmentId).OfType<SegmentId>().Distinct().ToList();
        if (ids.Count == 0 || (ids.Count == 1 && network.Segments.IsEmpty))
        {
            return HasDhcp(network.Subnets) ? [new(new(network.Id), Segment: null, network)] : [];
        }

        // Subnets without a segment belong to none of them: no server can have an address on all.
        return [.. from id in ids
                   let subnets = network.Subnets.Where(subnet => subnet.SegmentId == id).ToEquatableArray()
                   where HasDhcp(subnets)
                   select new NetworkSegment(new(network.Id, id), Find(network, id) ?? new Segment { Id = id }, network with { Subnets = subnets })];
    }

    private static bool HasDhcp(EquatableArray<Subnet> subnets) => subnets.Any(subnet => subnet.EnableDhcp);

    private static Segment? Find(Network network, SegmentId id) => network.Segments.FirstOrDefault(segment => segment.Id == id);
}

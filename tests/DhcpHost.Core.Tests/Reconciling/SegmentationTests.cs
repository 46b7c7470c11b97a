using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Reconciling;
using DhcpHost.Core.Tests.Fakes;

namespace DhcpHost.Core.Tests.Reconciling;

public sealed class SegmentationTests
{
    private static readonly SegmentId Here = new("101");
    private static readonly Segment There = new() { Id = new("there") };

    [Fact]
    public void A_network_without_segments_has_one_server()
    {
        var network = Network([], null, null);

        Assert.Equal(network.Id.Value, Assert.Single(Segmentation.Split(network)).Key.ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_segment_has_a_server_of_its_own_also_where_it_is_the_only_one(bool hasAnother)
    {
        var segment = new Segment { Id = Here, SegmentationId = 101 };
        var network = Network(hasAnother ? [segment, There] : [segment], Here);

        var part = Assert.Single(Segmentation.Split(network));

        Assert.Equal(($"101/{network.Id}", segment), (part.Key.ToString(), part.Segment));
    }

    private static Network Network(EquatableArray<Segment> segments, params SegmentId?[] ids) => new()
    {
        Id = new("n"),
        Segments = segments,
        Subnets = ids.Select((id, index) => Sample.Subnet($"v{index}", $"10.{index}.0.0/24") with { SegmentId = id }).ToEquatableArray(),
    };
}

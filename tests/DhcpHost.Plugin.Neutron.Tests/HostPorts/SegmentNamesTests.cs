using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Plugin.Neutron.Server;

namespace DhcpHost.Plugin.Neutron.Tests.HostPorts;

/// <summary>Directories and pid files of segments are where neutron-dhcp-agent has them.</summary>
public sealed class SegmentNamesTests
{
    private static readonly SegmentId One = new("11111111-0000-4000-8000-000000000001");
    private static readonly SegmentId Two = new("22222222-0000-4000-8000-000000000002");

    [Fact]
    public void A_segment_that_is_served_is_called_by_its_segmentation_id()
    {
        var named = SegmentNames.Apply(Network(101, 101, here: [One, One], there: [Two]));

        Assert.Equal(["101", Two.Value], named.Segments.Select(segment => segment.Id.Value));
        Assert.Equal(["101", "101"], named.Subnets.Select(subnet => subnet.SegmentId!.Value.Value));
        Assert.Equal([Two], named.NonLocalSubnets.Select(subnet => subnet.SegmentId!.Value));
    }

    [Fact]
    public void A_flat_segment_is_called_as_Python_writes_nothing() =>
        Assert.Equal("None", SegmentNames.Apply(Network(null, 7, here: [One], there: [])).Subnets[0].SegmentId!.Value.Value);

    [Fact]
    public void Segments_that_are_both_served_and_have_one_number_keep_their_ids()
    {
        var network = Network(101, 101, here: [One, Two], there: []);

        Assert.Same(network, SegmentNames.Apply(network));
    }

    [Fact]
    public void A_network_without_segments_stays_as_it_is()
    {
        var network = Network(1, 2, here: [null], there: []) with { Segments = [] };

        Assert.Same(network, SegmentNames.Apply(network));
    }

    [Theory]
    [InlineData("101", 101)]
    [InlineData("None", null)]
    [InlineData("11111111-0000-4000-8000-000000000001", null)]
    public void The_number_is_read_back_where_the_network_is_gone(string name, int? number) => Assert.Equal(number, SegmentNames.Read(new SegmentId(name)));

    private static Network Network(int? first, int? second, SegmentId?[] here, SegmentId?[] there) => new()
    {
        Id = new("n"),
        Segments = [new Segment { Id = One, SegmentationId = first }, new Segment { Id = Two, SegmentationId = second }],
        Subnets = here.Select((id, index) => Subnet($"h{index}", id)).ToEquatableArray(),
        NonLocalSubnets = there.Select((id, index) => Subnet($"t{index}", id)).ToEquatableArray(),
    };

    private static Subnet Subnet(string id, SegmentId? segment) => new() { Id = new(id), Cidr = IPNetwork.Parse("10.0.0.0/24"), SegmentId = segment };
}

using DhcpHost.NeutronLab.Tests.Api;
using DhcpHost.NeutronLab.Tests.Lab;

namespace DhcpHost.NeutronLab.Tests;

/// <summary>Routed provider networks: each host reaches one segment, and has the subnets of that one.</summary>
public sealed class SegmentTests(OpenStackLab neutron) : NeutronHostTest(neutron)
{
    [Fact]
    public async Task A_host_serves_the_subnet_of_its_own_segment_and_knows_that_the_other_segments_subnet_is_behind_the_gateway()
    {
        var network = await CreateNetworkAsync(new NewNetwork("routed") { Segments = [.. OpenStackLab.Hosts.Select(host => new NewSegment(host, 101))] });
        var segments = await Api.ListSegmentsAsync(network.Id, Token);
        var here = await CreateSubnetAsync(network, segments, Host.Name, "10.1.0.0/24");
        var there = await CreateSubnetAsync(network, segments, OpenStackLab.Hosts[1], "10.2.0.0/24");
        var remote = await Api.CreatePortAsync(new NewPort(network.Id) { HostId = OpenStackLab.Hosts[1] }, Token);
        Assert.Equal(there.Id, Assert.Single(remote.FixedIps).SubnetId);

        var port = await CreatePortAsync(network.Id);
        using var station = await PlugAsync(port);
        var lease = await LeaseAsync(station, "staticroutes");

        Assert.Equal(here.Id, Assert.Single(port.FixedIps).SubnetId);
        Assert.Equal(port.Address(), lease.Address?.ToString());
        Assert.Equal("10.2.0.0/24 10.1.0.1 0.0.0.0/0 10.1.0.1", lease["staticroutes"]);
        await WaitForStatusAsync(port, "ACTIVE");
        var own = (await Api.ListPortsAsync(network.Id, Token)).Single(each => each.DeviceOwner == "network:dhcp");
        Assert.Equal(here.Id, Assert.Single(own.FixedIps).SubnetId);
    }

    private Task<NeutronSubnet> CreateSubnetAsync(NeutronNetwork network, NeutronSegment[] segments, string host, string cidr) => Api.CreateSubnetAsync(
        new NewSubnet(network.Id, cidr) { SegmentId = segments.Single(segment => segment.PhysicalNetwork == host).Id }, Token);
}

using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Reconciling;
using DhcpHost.Core.Tests.Fakes;

namespace DhcpHost.Core.Tests.Reconciling;

public class PlanBuilderTests
{
    private static readonly Network Network = Sample.Network("a") with
    {
        Mtu = 1450,
        Subnets =
        [
            Sample.Subnet("off", "10.9.0.0/24", "10.9.0.1") with { EnableDhcp = false },
            Sample.Subnet("no-gateway", "10.0.0.0/24"),
            Sample.Subnet("v4", "10.1.0.0/16", "10.1.0.1"),
            Sample.Subnet("v4-too", "10.2.0.0/24", "10.2.0.1"),
            Sample.Subnet("slaac-80", "fd00:1::/80", "fd00:1::1") with { IPv6AddressMode = IPv6Mode.Slaac },
            Sample.Subnet("v6", "fd00:2::/64", "fd00:2::1") with { IPv6AddressMode = IPv6Mode.Slaac },
        ],
    };

    private static readonly Port HostPort = new()
    {
        Id = new("host"),
        MacAddress = MacAddress.Parse("02:00:00:00:00:01", null),
        FixedIps = [
            new(new("v4"), IPAddress.Parse("10.1.0.2")), new(new("v6"), IPAddress.Parse("fd00:2::2")), new(new("elsewhere"), IPAddress.Parse("10.7.0.2"))],
    };

    private static readonly NetworkSegment Segment = Segmentation.Split(Network).Single();

    [Fact]
    public void The_interface_has_the_ports_addresses_with_their_subnets_prefixes_and_the_first_usable_gateway_of_each_family()
    {
        var plan = PlanBuilder.Interface(Segment, HostPort, hasMetadata: false);
        Assert.Equal(["10.1.0.2/16", "fd00:2::2/64"], plan.Addresses.Select(address => address.ToString()));
        Assert.Equal(["10.1.0.1", "fd00:2::1"], plan.Gateways.Select(address => address.ToString()));
        Assert.Equal(1450, plan.Mtu);
        Assert.Empty(plan.Network.Ports);
        Assert.Equal(["no-gateway", "v4", "v4-too", "slaac-80", "v6"], PlanBuilder.HostPortSubnets(Segment).Select(id => id.Value));
    }

    [Fact]
    public void With_a_proxy_it_has_the_metadata_addresses_too()
    {
        var plan = PlanBuilder.Interface(Segment, HostPort, hasMetadata: true);
        Assert.Equal(["169.254.169.254/32", "fe80::a9fe:a9fe/128"], plan.Addresses.Select(address => address.ToString()).Skip(2));
    }

    [Fact]
    public void A_change_of_a_port_leaves_the_interfaces_plan_as_it_is()
    {
        var changed = Segmentation.Split(Network.WithPort("another", 7)).Single();
        Assert.Equal(PlanBuilder.Interface(Segment, HostPort, hasMetadata: true), PlanBuilder.Interface(changed, HostPort, hasMetadata: true));
    }

    [Fact]
    public void The_hosts_own_port_takes_the_place_of_what_the_source_lists_of_it()
    {
        var listed = Segment with { Network = Network with { Ports = [HostPort with { Status = "BUILD" }, .. Network.Ports] } };
        var binding = new Abstractions.Drivers.InterfaceBinding { Namespace = "n", Device = "d", MacAddress = HostPort.MacAddress!.Value };
        var plan = PlanBuilder.Dhcp(listed, HostPort, binding, new(), MetadataMode.Off, new());
        Assert.Equal([HostPort, .. Network.Ports], plan.Network.Ports);
    }
}

using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Reconciling;
using DhcpHost.Core.Tests.Fakes;

namespace DhcpHost.Core.Tests.Reconciling;

public class MetadataDecisionTests
{
    private static readonly Port Router = new()
    {
        Id = new("r"),
        DeviceOwner = DeviceOwners.RouterInterface,
        FixedIps = [new(new("a-v4"), IPAddress.Parse("10.0.0.1"))],
    };

    [Theory]
    [InlineData(MetadataMode.Default, MetadataMode.Off, false, MetadataMode.Off)]
    [InlineData(MetadataMode.Default, MetadataMode.Isolated, false, MetadataMode.Isolated)]
    [InlineData(MetadataMode.Default, MetadataMode.Isolated, true, MetadataMode.Off)]
    [InlineData(MetadataMode.Forced, MetadataMode.Off, true, MetadataMode.Forced)]
    [InlineData(MetadataMode.Off, MetadataMode.Forced, false, MetadataMode.Off)]
    public void The_networks_word_goes_before_the_sites_and_a_router_ends_isolation(
        MetadataMode network, MetadataMode site, bool hasRouter, MetadataMode expected)
    {
        var sample = Sample.Network("a") with { Metadata = network };
        Assert.Equal(expected, MetadataDecision.Decide(hasRouter ? sample with { Ports = [Router] } : sample, site, hasAccessNetworks: false));
    }

    [Fact]
    public void A_router_without_the_gateways_address_does_not_end_isolation()
    {
        var other = Router with { FixedIps = [new(new("a-v4"), IPAddress.Parse("10.0.0.9"))] };
        Assert.Equal(
            MetadataMode.Isolated, MetadataDecision.Decide(Sample.Network("a") with { Ports = [other] }, MetadataMode.Isolated, hasAccessNetworks: false));
    }

    [Fact]
    public void Where_ovn_serves_metadata_no_proxy_is_needed_even_by_force()
    {
        var ovn = new Port { Id = new("o"), DeviceOwner = DeviceOwners.Distributed, DeviceId = "ovnmeta-a" };
        Assert.Equal(MetadataMode.Off, MetadataDecision.Decide(Sample.Network("a") with { Ports = [ovn] }, MetadataMode.Forced, hasAccessNetworks: false));
    }

    [Theory]
    [InlineData("169.254.0.0/16", true, MetadataMode.Isolated, "router-1")]
    [InlineData("169.254.128.0/24", true, MetadataMode.Isolated, "router-1")]
    [InlineData("169.254.0.0/16", false, MetadataMode.Off, null)]
    [InlineData("168.0.0.0/6", true, MetadataMode.Off, null)]
    public void A_network_in_the_link_local_range_serves_the_instances_behind_its_router(
        string cidr, bool hasAccessNetworks, MetadataMode expected, string? router)
    {
        var subnet = new Subnet { Id = new("a-v4"), Cidr = IPNetwork.Parse(cidr), GatewayIp = IPAddress.Parse("10.0.0.1") };
        var network = Sample.Network("a") with { Subnets = [subnet], Ports = [Router with { DeviceId = "router-1" }] };

        Assert.Equal(expected, MetadataDecision.Decide(network, MetadataMode.Isolated, hasAccessNetworks));
        Assert.Equal(MetadataMode.Off, MetadataDecision.Decide(network, MetadataMode.Off, hasAccessNetworks));
        Assert.Equal(router, MetadataDecision.FindRouter(network, hasAccessNetworks));
    }

    [Fact]
    public void A_subnet_without_DHCP_is_nobodys_to_serve()
    {
        var network = Sample.Network("a");
        Assert.Equal(
            MetadataMode.Off, MetadataDecision.Decide(
                network with { Subnets = [.. network.Subnets.Select(subnet => subnet with { EnableDhcp = false })] },
                MetadataMode.Isolated,
                hasAccessNetworks: false));
    }

    [Fact]
    public void A_network_without_DHCP_needs_no_proxy_even_by_force()
    {
        var sample = Sample.Network("a");
        var silent = sample with { Subnets = sample.Subnets.Select(subnet => subnet with { EnableDhcp = false }).ToEquatableArray() };
        Assert.Equal(MetadataMode.Off, MetadataDecision.Decide(silent, MetadataMode.Forced));
        Assert.Equal(MetadataMode.Forced, MetadataDecision.Decide(silent with { NonLocalSubnets = sample.Subnets }, MetadataMode.Forced));
    }
}

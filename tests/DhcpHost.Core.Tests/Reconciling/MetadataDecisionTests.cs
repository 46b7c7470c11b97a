using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Reconciling;
using DhcpHost.Core.Tests.Fakes;

namespace DhcpHost.Core.Tests.Reconciling;

public class MetadataDecisionTests
{
    private static readonly Port Router = new() { Id = new("r"), DeviceOwner = DeviceOwners.RouterInterface, FixedIps = [new(new("a-v4"), IPAddress.Parse("10.0.0.1"))] };

    [Theory]
    [InlineData(MetadataMode.Default, MetadataMode.Off, false, MetadataMode.Off)]
    [InlineData(MetadataMode.Default, MetadataMode.Isolated, false, MetadataMode.Isolated)]
    [InlineData(MetadataMode.Default, MetadataMode.Isolated, true, MetadataMode.Off)]
    [InlineData(MetadataMode.Forced, MetadataMode.Off, true, MetadataMode.Forced)]
    [InlineData(MetadataMode.Off, MetadataMode.Forced, false, MetadataMode.Off)]
    public void The_networks_word_goes_before_the_sites_and_a_router_ends_isolation(MetadataMode network, MetadataMode site, bool hasRouter, MetadataMode expected)
    {
        var sample = Sample.Network("a") with { Metadata = network };
        Assert.Equal(expected, MetadataDecision.Decide(hasRouter ? sample with { Ports = [Router] } : sample, site));
    }

    [Fact]
    public void A_router_without_the_gateways_address_does_not_end_isolation()
    {
        var other = Router with { FixedIps = [new(new("a-v4"), IPAddress.Parse("10.0.0.9"))] };
        Assert.Equal(MetadataMode.Isolated, MetadataDecision.Decide(Sample.Network("a") with { Ports = [other] }, MetadataMode.Isolated));
    }

    [Fact]
    public void Where_ovn_serves_metadata_no_proxy_is_needed_even_by_force()
    {
        var ovn = new Port { Id = new("o"), DeviceOwner = DeviceOwners.Distributed, DeviceId = "ovnmeta-a" };
        Assert.Equal(MetadataMode.Off, MetadataDecision.Decide(Sample.Network("a") with { Ports = [ovn] }, MetadataMode.Forced));
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

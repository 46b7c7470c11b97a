using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Dhcp.RouterAdvertisements;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Plugin.InProcess.RouterAdvertisements;
using DhcpHost.Plugin.InProcess.Tests.V4;
using DhcpHost.Serving;

namespace DhcpHost.Plugin.InProcess.Tests.RouterAdvertisements;

/// <summary>What is advertised for each kind of subnet (RFC 4861 section 4.2, RFC 8415 section 6).</summary>
public sealed class AdvertisementModelTests
{
    private static readonly Subnet Advertised = SamplePlans.IPv6Subnet with { SendRouterAdvertisements = true };

    [Theory]
    [InlineData(IPv6Mode.Slaac, false, false, true)]
    [InlineData(IPv6Mode.Dhcpv6Stateless, false, true, true)]
    [InlineData(IPv6Mode.Dhcpv6Stateful, true, true, false)]
    public void The_flags_say_where_addresses_and_the_rest_come_from(IPv6Mode mode, bool isManaged, bool hasOther, bool isAutonomous)
    {
        var advertisement = Build(Advertised with { IPv6AddressMode = mode, IPv6RaMode = mode })!;

        Assert.Equal((isManaged, hasOther), (advertisement.IsManaged, advertisement.HasOtherConfiguration));
        var prefix = Assert.Single(advertisement.Prefixes);
        Assert.Equal((IPNetwork.Parse("fd77::/64"), isAutonomous), (prefix.Prefix, prefix.IsAutonomous));
        Assert.Equal(1450u, advertisement.Mtu);
        Assert.Equal([IPAddress.Parse("fd77::53")], advertisement.DnsServers);
    }

    [Fact]
    public void Nothing_is_advertised_for_subnets_that_do_not_ask_for_it()
    {
        Assert.Null(Build(SamplePlans.IPv6Subnet, SamplePlans.IPv4Subnet));
        Assert.Null(Build(Advertised with { EnableDhcp = false }));
    }

    [Fact]
    public void A_prefix_of_which_clients_could_make_no_address_is_refused_in_words()
    {
        var refusals = new RefusalList();

        Assert.Null(AdvertisementModel.Build(Plan(Advertised with { Cidr = IPNetwork.Parse("fd77::/80"), IPv6AddressMode = IPv6Mode.Slaac }), refusals));
        Assert.Equal("subnet s6", Assert.Single(refusals.ToArray()).Subject);
    }

    [Fact]
    public void A_prefix_outlives_leases_that_are_short()
    {
        Assert.Equal(7200u, Assert.Single(Build(Advertised with { LeaseTime = TimeSpan.FromMinutes(2) })!.Prefixes).ValidLifetime);
        Assert.Equal(uint.MaxValue, Assert.Single(Build(Advertised with { LeaseTime = Timeout.InfiniteTimeSpan })!.Prefixes).ValidLifetime);
    }

    private static RouterAdvertisement? Build(params Subnet[] subnets) => AdvertisementModel.Build(Plan(subnets), new())?.Advertisement;

    private static DhcpPlan Plan(params Subnet[] subnets) => SamplePlans.Make("n1", V4Desk.NewBinding("10.77.0.2/24"), subnets);
}

using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Plugin.Dnsmasq.Configuration;

namespace DhcpHost.Plugin.Dnsmasq.Tests.Configuration;

/// <summary>What Neutron does not know.</summary>
public sealed class ConfigurationWriterTests
{
    private static readonly InterfaceBinding Binding = new()
    {
        Namespace = "ns",
        Device = "tap0",
        MacAddress = SamplePlans.Mac(1),
        Addresses = SamplePlans.ServerAddresses.ToEquatableArray(),
    };

    private static readonly Subnet AdvertisedSubnet = SamplePlans.IPv6Subnet with { SendRouterAdvertisements = true };

    [Fact]
    public void A_pool_becomes_a_range_with_the_subnets_own_lease_time()
    {
        var subnet = SamplePlans.PooledIPv4Subnet with { LeaseTime = TimeSpan.FromMinutes(10) };
        Assert.Equal(["--dhcp-range=set:subnet-s4,10.77.0.100,10.77.0.109,255.255.255.0,600s"], Ranges(subnet));
        Assert.Equal(
            ["--dhcp-range=set:subnet-s4,10.77.0.100,10.77.0.109,255.255.255.0,infinite"], Ranges(subnet with { LeaseTime = Timeout.InfiniteTimeSpan }));
    }

    [Theory]
    [InlineData("10.77.0.9", "10.77.0.8")]
    [InlineData("10.78.0.1", "10.78.0.9")]
    [InlineData("10.77.0.250", "10.77.1.9")]
    public void A_pool_that_is_no_range_of_its_subnet_is_refused_and_reservations_are_served(string start, string end)
    {
        var subnet = SamplePlans.IPv4Subnet with { DynamicPools = [new(IPAddress.Parse(start), IPAddress.Parse(end))] };

        var written = Write(Plan(subnet));

        Assert.Contains("--dhcp-range=set:subnet-s4,10.77.0.0,static,255.255.255.0,3600s", written.Arguments);
        Assert.Equal($"subnet s4 pool {start}-{end}", Assert.Single(written.Refusals).Subject);
    }

    [Theory]
    [InlineData(IPv6Mode.Slaac, "fd77::,ra-only,64", false)]
    [InlineData(IPv6Mode.Dhcpv6Stateless, "fd77::,ra-stateless,64", false)]
    [InlineData(IPv6Mode.Dhcpv6Stateful, "fd77::,static,64", true)]
    public void Advertisements_are_sent_as_the_subnet_says(IPv6Mode mode, string range, bool enablesAll)
    {
        var written = Write(Plan(AdvertisedSubnet with { IPv6AddressMode = mode, IPv6RaMode = mode }));

        Assert.Contains($"--dhcp-range=set:subnet-s6,{range},3600s", written.Arguments);
        Assert.Equal(enablesAll, written.Arguments.Contains("--enable-ra"));
        Assert.Contains("--ra-param=tap0,0,0", written.Arguments);
    }

    [Fact]
    public void Forwarders_have_their_ports_and_devices()
    {
        var plan = Plan(SamplePlans.IPv4Subnet);
        string[] texts = ["192.0.2.53", "8.8.8.8#5353", "2001:db8::53#54", "fe80::1%tap0#55"];

        var written = Write(plan with { Options = plan.Options with { Forwarders = texts.Select(text => DnsForwarder.Parse(text)).ToEquatableArray() } });

        Assert.Equal(texts, written.Arguments.Where(argument => argument.StartsWith("--server=", StringComparison.Ordinal)).Select(argument => argument[9..]));
        Assert.Contains("--no-resolv", written.Arguments);
        Assert.Empty(written.Refusals);
    }

    [Fact]
    public void A_server_that_has_the_gateways_address_offers_itself_as_router() =>
        Assert.DoesNotContain(
            Write(Plan(AdvertisedSubnet with { GatewayIp = IPAddress.Parse("fd77::2") })).Arguments,
            argument => argument.StartsWith("--ra-param", StringComparison.Ordinal));

    [Fact]
    public void A_prefix_that_clients_cannot_use_is_not_advertised_but_told()
    {
        var subnet = AdvertisedSubnet with { Cidr = IPNetwork.Parse("fd77::/80"), IPv6AddressMode = IPv6Mode.Slaac };

        var written = Write(Plan(subnet));

        Assert.DoesNotContain(written.Arguments, argument => argument.StartsWith("--dhcp-range", StringComparison.Ordinal));
        Assert.Equal("subnet s6", Assert.Single(written.Refusals).Subject);
    }

    [Fact]
    public void Clients_are_known_by_client_identifier_and_DUID()
    {
        var port = SamplePlans.Port(7) with
        {
            MacAddress = null,
            ClientId = "laptop",
            Duid = "00:03:00:01:aa:bb:cc:dd:ee:ff",
            FixedIps = [new(SamplePlans.IPv4Subnet.Id, IPAddress.Parse("10.77.0.7")), new(SamplePlans.IPv6Subnet.Id, IPAddress.Parse("fd77::7"))],
            DnsName = "laptop",
        };

        var written = Write(
            SamplePlans.Make("n1", Binding, [SamplePlans.IPv4Subnet, SamplePlans.IPv6Subnet], port, SamplePlans.Port(8) with { MacAddress = null }));

        Assert.Equal(
            "id:laptop,laptop.example.org,10.77.0.7\ntag:dhcpv6,id:00:03:00:01:aa:bb:cc:dd:ee:ff,laptop.example.org,[fd77::7]\n", written.Hosts);
        Assert.Equal("port p8 address 10.77.0.8", Assert.Single(written.Refusals).Subject);
    }

    [Fact]
    public void Boot_rules_come_in_the_order_in_which_dnsmasq_prefers_the_first()
    {
        var plan = Plan(SamplePlans.IPv4Subnet);
        plan = plan with
        {
            Network = plan.Network with
            {
                Boot = new()
                {
                    FileName = "bios.0",
                    ServerName = "tftp",
                    Rules =
                    [
                        new() { UserClass = "iPXE", FileName = "http://b/x.ipxe" },
                        new() { ClientArchitecture = 7, FileName = "a,b" },
                        new() { ClientArchitecture = 9, FileName = "uefi.efi" },
                    ],
                },
            },
        };

        var written = Write(plan);

        Assert.Equal(
            [
                "--dhcp-match=set:boot-3-arch,option:client-arch,9", "--dhcp-userclass=set:boot-1-user,iPXE",
                "--dhcp-boot=bios.0,tftp", "--dhcp-boot=tag:boot-3-arch,uefi.efi,tftp", "--dhcp-boot=tag:boot-1-user,http://b/x.ipxe,tftp",
            ],
            written.Arguments.SkipWhile(argument => !argument.StartsWith("--dhcp-match=set:boot", StringComparison.Ordinal)));
        Assert.Equal("network n1 boot rule 2 'a,b'", Assert.Single(written.Refusals).Subject);
    }

    [Fact]
    public void A_restart_keeps_what_clients_confirmed_and_what_pools_gave_and_drops_the_rest()
    {
        var port = SamplePlans.Port(7);
        var v6 = SamplePlans.Port(8) with { FixedIps = [new(SamplePlans.IPv6Subnet.Id, IPAddress.Parse("fd77::8"))] };
        var plan = SamplePlans.Make("n1", Binding, [SamplePlans.PooledIPv4Subnet, SamplePlans.IPv6Subnet], port, SamplePlans.Port(9), v6);

        var text = new ConfigurationWriter(plan, new()).WriteLeases("""
            1700000000 fa:16:3e:00:00:07 10.77.0.7 vm 01:fa:16:3e:00:00:07
            1700000000 fa:16:3e:00:00:77 10.77.0.9 old *
            1700000000 fa:16:3e:00:00:0a 10.77.0.10 removed *
            1700000000 fa:16:3e:00:00:0b 10.77.0.100 dynamic *
            0 fa:16:3e:00:00:0c 10.77.0.101 host-10-77-0-101 *
            half a line
            duid 00:01:00:01:aa:bb
            1700000000 123 fd77::8 * 00:01
            1700000000 124 fd77::9 * 00:02

            """);

        Assert.Equal("""
            duid 00:01:00:01:aa:bb
            1700000000 fa:16:3e:00:00:07 10.77.0.7 vm 01:fa:16:3e:00:00:07
            0 fa:16:3e:00:00:09 10.77.0.9 * *
            1700000000 123 fd77::8 * 00:01
            1700000000 fa:16:3e:00:00:0b 10.77.0.100 dynamic *

            """, text);
    }

    private static IEnumerable<string> Ranges(Subnet subnet) =>
        Write(Plan(subnet)).Arguments.Where(argument => argument.StartsWith("--dhcp-range", StringComparison.Ordinal));

    private static DhcpPlan Plan(Subnet subnet) => SamplePlans.Make("n1", Binding, [subnet]);

    private static DnsmasqConfiguration Write(DhcpPlan plan) => new ConfigurationWriter(plan, new()).Write(new("/d"));
}

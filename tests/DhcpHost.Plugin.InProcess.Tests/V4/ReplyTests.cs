using System.Net;
using System.Text;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Dhcp.V4;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Plugin.InProcess.V4;
using static DhcpHost.Dhcp.V4.Dhcpv4MessageType;

namespace DhcpHost.Plugin.InProcess.Tests.V4;

/// <summary>What is in replies, and where they go.</summary>
public sealed class ReplyTests
{
    [Fact]
    public void A_client_without_an_address_is_answered_by_its_hardware_address_unless_it_asks_for_broadcast()
    {
        using var desk = new V4Desk();

        var unicast = desk.Ask(new(Discover, 9));
        var broadcast = desk.Ask(new(Discover, 9) { Flags = 0x8000 });

        Assert.Equal((Dhcpv4Path.Frame, unicast.Given + ":68"), (unicast.Reply.Path, unicast.SentTo));
        Assert.Equal((Dhcpv4Path.Udp, "255.255.255.255:68"), (broadcast.Reply.Path, broadcast.SentTo));
    }

    [Fact]
    public void A_site_may_have_all_replies_broadcast()
    {
        var plan = V4Desk.NewPlan();
        using var desk = new V4Desk(plan with { Options = plan.Options with { BroadcastReplies = true } });

        Assert.Equal("255.255.255.255:68", desk.Ask(new(Discover, 9)).SentTo);
    }

    [Fact]
    public void A_relay_gets_the_reply_with_its_information_and_the_client_an_address_of_the_relays_subnet()
    {
        var plan = V4Desk.NewPlan();
        var far = new Subnet
        {
            Id = new("far"),
            Cidr = IPNetwork.Parse("10.88.0.0/24"),
            DynamicPools = [new(IPAddress.Parse("10.88.0.10"), IPAddress.Parse("10.88.0.20"))],
        };
        using var desk = new V4Desk(plan with { Network = plan.Network with { NonLocalSubnets = [far] } });
        byte[] information = [1, 4, 0, 0, 0, 7, 2, 3, 1, 2, 3];

        var offer = desk.Ask(new(Discover, 9) { GiAddr = V4Desk.Number("10.88.0.1"), Options = [(82, information)] });

        Assert.Equal((Offer, "10.88.0.1:67"), (offer.Type, offer.SentTo));
        Assert.StartsWith("10.88.0.", offer.Given, StringComparison.Ordinal);
        Assert.Equal(information, offer[Dhcpv4OptionCode.RelayAgentInformation]);
        Assert.Equal("10.77.0.2", offer.AddressOf(Dhcpv4OptionCode.ServerIdentifier)?.ToString());

        // It renews without the relay.
        _ = desk.Ask(new(Request, 9) { GiAddr = V4Desk.Number("10.88.0.1"), ServerIdentifier = V4Desk.Server, Requested = offer.YiAddr });
        var ack = desk.AskRaw(new V4Question(Request, 9) { CiAddr = offer.YiAddr }.Build(), offer.YiAddr);
        Assert.Equal((Ack, offer.Given + ":68"), (ack.Type, ack.SentTo));
    }

    [Fact]
    public void The_link_that_a_relay_names_goes_before_its_own_address()
    {
        using var desk = new V4Desk();

        var offer = desk.Ask(new(Discover, 9) { GiAddr = V4Desk.Number("192.0.2.1"), Options = [(82, [5, 4, 10, 77, 0, 0])] });

        Assert.StartsWith("10.77.0.", offer.Given, StringComparison.Ordinal);
        Assert.Equal("192.0.2.1:67", offer.SentTo);
    }

    [Fact]
    public void A_relay_of_a_subnet_that_nobody_knows_is_not_answered_and_a_refusal_through_a_relay_is_broadcast_there()
    {
        using var desk = new V4Desk();

        Assert.True(desk.Ask(new(Discover, 9) { GiAddr = V4Desk.Number("192.0.2.1") }).IsNone);
        var nak = desk.Ask(new(Request, 9) { GiAddr = V4Desk.Number("10.77.0.1"), Requested = V4Desk.Number("192.0.2.9") });
        Assert.Equal((Nak, "10.77.0.1:67", (ushort)0x8000), (nak.Type, nak.SentTo, nak.Flags));
    }

    [Fact]
    public void A_clients_identifier_comes_back_and_tells_it_from_others_with_its_hardware_address()
    {
        using var desk = new V4Desk();

        var one = desk.Ask(new(Discover, 9) { ClientId = [1, 2, 3] });
        var other = desk.Ask(new(Discover, 9) { ClientId = [1, 2, 4] });

        Assert.Equal([1, 2, 3], one[Dhcpv4OptionCode.ClientIdentifier]!);
        Assert.NotEqual(one.YiAddr, other.YiAddr);
    }

    [Fact]
    public void A_port_is_known_by_its_identifier_before_its_hardware_address_and_a_star_means_the_address_alone()
    {
        var byId = SamplePlans.Port(7) with { MacAddress = null, ClientId = "node-7" };
        var star = SamplePlans.Port(8) with { ClientId = "*" };
        using var desk = new V4Desk(V4Desk.NewPlan(byId, star, SamplePlans.Port(9)));

        Assert.Equal("10.77.0.7", desk.Ask(new(Discover, 9) { ClientId = Encoding.ASCII.GetBytes("node-7") }).Given);
        Assert.Equal("10.77.0.7", desk.Ask(new(Discover, 55) { ClientId = [0, .. Encoding.ASCII.GetBytes("node-7")] }).Given);
        var one = desk.Ask(new(Request, 8) { ServerIdentifier = V4Desk.Server, Requested = V4Desk.Number("10.77.0.8"), ClientId = [1, 1] });
        var two = desk.Ask(new(Request, 8) { ServerIdentifier = V4Desk.Server, Requested = V4Desk.Number("10.77.0.8"), ClientId = [1, 2] });
        Assert.Equal((Ack, Ack), (one.Type, two.Type));
        Assert.Equal(1, desk.Leases.Count);
    }

    [Fact]
    public void Routes_are_Neutrons_with_the_metadata_address_by_way_of_the_server_where_it_is_forced()
    {
        var subnet = SamplePlans.IPv4Subnet with { HostRoutes = [new(IPNetwork.Parse("192.0.2.0/25"), IPAddress.Parse("10.77.0.9"))] };
        var plan = V4Desk.NewPlan(SamplePlans.Port(7));
        using var desk = new V4Desk(plan with { Metadata = MetadataMode.Forced, Network = plan.Network with { Subnets = [subnet] } });

        var offer = desk.Ask(new(Discover, 7) { ParameterRequest = [121, 249, 3] });

        byte[] expected = [25, 192, 0, 2, 0, 10, 77, 0, 9, 32, 169, 254, 169, 254, 10, 77, 0, 2, 0, 10, 77, 0, 1];
        Assert.Equal(expected, offer[Dhcpv4OptionCode.ClasslessStaticRoute]);
        Assert.Equal(expected, offer[Dhcpv4OptionCode.MicrosoftClasslessStaticRoute]);
        Assert.Equal("10.77.0.1", offer.AddressOf(Dhcpv4OptionCode.Router)?.ToString());
    }

    [Fact]
    public void A_subnet_without_name_servers_is_told_the_sites_and_one_that_wants_none_gets_none()
    {
        var plan = V4Desk.NewPlan();
        plan = plan with { Options = plan.Options with { Forwarders = [new(IPAddress.Parse("192.0.2.53")), new(IPAddress.Parse("2001:db8::53"))] } };
        using var own = new V4Desk(plan with { Network = plan.Network with { Subnets = [SamplePlans.PooledIPv4Subnet with { DnsNameservers = [] }] } });
        using var none = new V4Desk(
            plan with { Network = plan.Network with { Subnets = [SamplePlans.PooledIPv4Subnet with { DnsNameservers = [IPAddress.Any] }] } });

        Assert.Equal("192.0.2.53", own.Ask(new(Discover, 9)).AddressOf(Dhcpv4OptionCode.DomainNameServer)?.ToString());
        Assert.Null(none.Ask(new(Discover, 9) { ParameterRequest = [6] })[Dhcpv4OptionCode.DomainNameServer]);
    }

    [Fact]
    public void A_forwarder_with_a_port_is_refused_where_clients_would_be_told_it_and_the_others_are_told()
    {
        var plan = V4Desk.NewPlan();
        plan = plan with { Options = plan.Options with { Forwarders = [DnsForwarder.Parse("192.0.2.54#5353"), DnsForwarder.Parse("192.0.2.53")] } };
        using var desk = new V4Desk(plan with { Network = plan.Network with { Subnets = [SamplePlans.PooledIPv4Subnet with { DnsNameservers = [] }] } });
        using var own = new V4Desk(
            plan with { Network = plan.Network with { Subnets = [SamplePlans.PooledIPv4Subnet with { DnsNameservers = [IPAddress.Parse("192.0.2.1")] }] } });

        var refusal = Assert.Single(desk.Refusals.ToArray());
        Assert.Equal("site's DNS forwarder 192.0.2.54#5353", refusal.Subject);
        Assert.StartsWith("this driver forwards no DNS", refusal.Reason, StringComparison.Ordinal);
        Assert.Equal("192.0.2.53", desk.Ask(new(Discover, 9)).AddressOf(Dhcpv4OptionCode.DomainNameServer)?.ToString());
        Assert.Empty(own.Refusals.ToArray());
    }

    [Fact]
    public void A_client_gets_what_it_asks_for_and_what_is_forced()
    {
        using var desk = new V4Desk(V4Desk.NewPlan(SamplePlans.Port(7)));

        var offer = desk.Ask(new(Discover, 7) { ParameterRequest = [1, 12, 28] });

        Assert.Equal("255.255.255.0", offer.AddressOf(Dhcpv4OptionCode.SubnetMask)?.ToString());
        Assert.Equal("10.77.0.255", offer.AddressOf(Dhcpv4OptionCode.BroadcastAddress)?.ToString());
        Assert.Equal("host-10-77-0-7", Encoding.ASCII.GetString(offer[Dhcpv4OptionCode.HostName]!));
        Assert.Equal([1450 >> 8, 1450 & 0xFF], offer[Dhcpv4OptionCode.InterfaceMtu]!);
        Assert.Null(offer[Dhcpv4OptionCode.Router]);
        Assert.Null(offer[Dhcpv4OptionCode.DomainNameServer]);
    }

    [Fact]
    public void Options_with_tags_reach_the_clients_that_carry_them()
    {
        var port = SamplePlans.Port(
            7,
            new ExtraDhcpOption("tag:ipxe,bootfile-name", "script.ipxe"),
            new ExtraDhcpOption("tag:!ipxe,bootfile-name", "undionly.kpxe"),
            new ExtraDhcpOption("server-ip-address", "10.77.0.66"));
        using var desk = new V4Desk(V4Desk.NewPlan(port));

        var rom = desk.Ask(new(Discover, 7) { ParameterRequest = [1] });
        var ipxe = desk.Ask(new(Discover, 7) { ParameterRequest = [1, 67], Options = [(175, [1, 2])] });

        Assert.Equal(("undionly.kpxe", "10.77.0.66"), (rom.File, rom.SiAddr));
        Assert.Equal(("", "script.ipxe"), (ipxe.File, Encoding.ASCII.GetString(ipxe[Dhcpv4OptionCode.BootFileName]!)));
    }

    [Fact]
    public void What_no_client_could_be_told_is_refused_and_the_rest_is_served()
    {
        var port = SamplePlans.Port(
            7, new ExtraDhcpOption("no-such-option", "1"), new ExtraDhcpOption("mtu", "lots"), new ExtraDhcpOption(
                "server-identifier", "10.0.0.1"), new ExtraDhcpOption("234", "ok"));
        using var desk = new V4Desk(V4Desk.NewPlan(port));

        Assert.Equal(
            ["port p7 option 'mtu'", "port p7 option 'no-such-option'", "port p7 option 'server-identifier'"], desk.Refusals.ToArray()
                .Select(refusal => refusal.Subject)
                .Order());
        Assert.Equal("ok"u8.ToArray(), desk.Ask(new(Discover, 7))[234]);
    }

    [Fact]
    public void Leases_without_an_end_and_shorter_ones_that_clients_ask_for()
    {
        var plan = V4Desk.NewPlan();
        using var desk = new V4Desk(plan with { Options = plan.Options with { LeaseTime = Timeout.InfiniteTimeSpan } });

        var endless = desk.Ask(new(Discover, 9));
        var shorter = desk.Ask(new(Discover, 9) { Options = [(51, [0, 0, 1, 44])] });

        Assert.Equal(uint.MaxValue, endless.NumberOf(Dhcpv4OptionCode.LeaseTime));
        Assert.Null(endless[Dhcpv4OptionCode.RenewalTime]);
        Assert.Equal((300u, 150u), (shorter.NumberOf(Dhcpv4OptionCode.LeaseTime), shorter.NumberOf(Dhcpv4OptionCode.RenewalTime)));
    }

    [Fact]
    public void What_does_not_fit_goes_on_in_the_fields_for_names_and_never_beyond_the_clients_limit()
    {
        var options = Enumerable.Range(200, 6).Select(code => new ExtraDhcpOption($"{code}", new string('x', 90))).ToArray();
        using var desk = new V4Desk(V4Desk.NewPlan(SamplePlans.Port(7, options)));

        var small = desk.Ask(new(Discover, 7));
        var large = desk.Ask(new(Discover, 7) { Options = [(57, [0x05, 0xDC])] });

        Assert.True(small.Packet.Length <= Dhcpv4Writer.DefaultMaxLength);
        Assert.NotNull(small[Dhcpv4OptionCode.OptionOverload]);
        Assert.All(Enumerable.Range(200, 3), code => Assert.Equal(90, small[(byte)code]?.Length));
        Assert.All(Enumerable.Range(200, 6), code => Assert.Equal(90, large[(byte)code]?.Length));
        Assert.Null(large[Dhcpv4OptionCode.OptionOverload]);
    }

    [Fact]
    public void A_changed_model_takes_leases_away_that_are_anothers_now_and_keeps_the_others()
    {
        using var desk = new V4Desk(V4Desk.NewPlan(SamplePlans.Port(7)));
        _ = desk.Lease(7);
        var address = desk.Lease(9).YiAddr;

        desk.Swap(V4Desk.NewPlan(SamplePlans.Port(7) with { MacAddress = SamplePlans.Mac(99) }));

        Assert.Null(desk.Leases.Find(V4Desk.Number("10.77.0.7")));
        Assert.NotNull(desk.Leases.Find(address));
        Assert.Equal(Nak, desk.Ask(new(Request, 7) { ServerIdentifier = V4Desk.Server, Requested = V4Desk.Number("10.77.0.7") }).Type);
        Assert.Equal("10.77.0.7", desk.Lease(99).Given);
    }
}

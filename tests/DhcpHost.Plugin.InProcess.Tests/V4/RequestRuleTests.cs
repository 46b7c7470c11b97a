using DhcpHost.Dhcp.V4;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Plugin.InProcess.V4;
using DhcpHost.Serving.V4;
using static DhcpHost.Dhcp.V4.Dhcpv4MessageType;

namespace DhcpHost.Plugin.InProcess.Tests.V4;

/// <summary>Who is answered what, and who is not (RFC 2131 section 4.3).</summary>
public sealed class RequestRuleTests
{
    [Fact]
    public void A_client_is_offered_an_address_and_then_given_it_durably()
    {
        using var desk = new V4Desk();

        var offer = desk.Ask(new(Discover, 9));
        var ack = desk.Ask(new(Request, 9) { ServerIdentifier = V4Desk.Server, Requested = offer.YiAddr });

        Assert.Equal((Offer, false), (offer.Type, offer.Reply.After != 0));
        Assert.Equal((Ack, true), (ack.Type, ack.Reply.After != 0));
        Assert.Equal(offer.YiAddr, ack.YiAddr);
        Assert.InRange(ack.YiAddr, V4Desk.Number("10.77.0.100"), V4Desk.Number("10.77.0.109"));
        Assert.Equal(3600u, ack.NumberOf(Dhcpv4OptionCode.LeaseTime));
        Assert.Equal(1800u, ack.NumberOf(Dhcpv4OptionCode.RenewalTime));
        Assert.Equal(3150u, ack.NumberOf(Dhcpv4OptionCode.RebindingTime));
        Assert.Equal("10.77.0.2", ack.AddressOf(Dhcpv4OptionCode.ServerIdentifier)?.ToString());
    }

    [Fact]
    public void A_client_that_comes_again_is_answered_without_a_wait_where_the_disk_has_its_lease_already()
    {
        using var desk = new V4Desk();
        var first = desk.Lease(9);
        Assert.True(desk.Store.Commit(isDurable: true));
        desk.Time.Advance(TimeSpan.FromMinutes(30));

        var again = desk.Lease(9);

        Assert.Equal((Ack, false), (again.Type, again.Reply.After != 0));
        Assert.Equal(first.YiAddr, again.YiAddr);
    }

    [Fact]
    public void A_new_client_is_answered_without_a_wait_where_the_disk_was_through_since_its_offer()
    {
        using var desk = new V4Desk();
        var offer = desk.Ask(new(Discover, 9));
        Assert.True(desk.Store.Commit(isDurable: true));

        var ack = desk.Ask(new(Request, 9) { ServerIdentifier = V4Desk.Server, Requested = offer.YiAddr });

        Assert.Equal((Ack, 0), (ack.Type, ack.Reply.After));
        Assert.Equal(1, desk.Leases.Count);
    }

    [Fact]
    public void An_address_that_a_client_was_offered_and_does_not_want_is_left_to_nobody()
    {
        using var desk = new V4Desk();
        var offer = desk.Ask(new(Discover, 9));
        _ = Assert.Single(desk.Leases.Prepared);

        _ = desk.Ask(new(Request, 9) { ServerIdentifier = V4Desk.Number("10.77.0.3"), Requested = offer.YiAddr });

        Assert.Empty(desk.Leases.Prepared);
    }

    [Fact]
    public void A_request_for_another_servers_offer_is_not_answered()
    {
        using var desk = new V4Desk();
        var offer = desk.Ask(new(Discover, 9));

        Assert.True(desk.Ask(new(Request, 9) { ServerIdentifier = V4Desk.Number("10.77.0.3"), Requested = offer.YiAddr }).IsNone);
        Assert.Equal(0, desk.Leases.Count);
    }

    [Fact]
    public void A_selecting_client_that_names_an_address_of_another_is_refused()
    {
        using var desk = new V4Desk(V4Desk.NewPlan(SamplePlans.Port(7)));

        Assert.Equal(Nak, desk.Ask(new(Request, 9) { ServerIdentifier = V4Desk.Server, Requested = V4Desk.Number("10.77.0.7") }).Type);
        Assert.Equal(Nak, desk.Ask(new(Request, 9) { ServerIdentifier = V4Desk.Server, Requested = V4Desk.Number("10.77.0.50") }).Type);
    }

    [Fact]
    public void A_client_that_restarts_and_is_known_gets_its_address_again()
    {
        using var desk = new V4Desk(V4Desk.NewPlan(SamplePlans.Port(7)));
        var address = desk.Lease(9).YiAddr;

        Assert.Equal(Ack, desk.Ask(new(Request, 7) { Requested = V4Desk.Number("10.77.0.7") }).Type);
        Assert.Equal(Ack, desk.Ask(new(Request, 9) { Requested = address }).Type);
    }

    [Fact]
    public void A_client_that_restarts_on_another_wire_is_told_so()
    {
        using var desk = new V4Desk();

        var nak = desk.Ask(new(Request, 9) { Requested = V4Desk.Number("192.0.2.9") });

        Assert.Equal((Nak, "255.255.255.255:68"), (nak.Type, nak.SentTo));
        Assert.Equal(0u, nak.YiAddr);
    }

    [Fact]
    public void A_client_that_restarts_with_an_address_that_is_not_its_own_is_told_so_where_it_is_known()
    {
        using var desk = new V4Desk(V4Desk.NewPlan(SamplePlans.Port(7)));

        Assert.Equal(Nak, desk.Ask(new(Request, 7) { Requested = V4Desk.Number("10.77.0.8") }).Type);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_client_that_nobody_knows_and_that_restarts_is_left_to_other_servers(bool isRenewing)
    {
        using var desk = new V4Desk();
        var address = V4Desk.Number("10.77.0.105");
        var question = isRenewing ? new V4Question(Request, 9) { CiAddr = address } : new V4Question(Request, 9) { Requested = address };

        Assert.True(desk.Ask(question).IsNone);
        Assert.Equal(0, desk.Leases.Count);
    }

    [Fact]
    public void An_authoritative_server_takes_such_a_client_over_or_refuses_it()
    {
        using var desk = new V4Desk(settings: new Dhcpv4Settings { IsAuthoritative = true });

        Assert.Equal(Ack, desk.Ask(new(Request, 9) { Requested = V4Desk.Number("10.77.0.105") }).Type);
        Assert.Equal(Nak, desk.Ask(new(Request, 10) { Requested = V4Desk.Number("10.77.0.105") }).Type);
        Assert.Equal(Nak, desk.Ask(new(Request, 10) { CiAddr = V4Desk.Number("10.77.0.50") }).Type);
    }

    [Fact]
    public void A_renewal_goes_to_the_clients_address_and_makes_the_lease_longer()
    {
        using var desk = new V4Desk();
        var address = desk.Lease(9).YiAddr;
        var end = desk.Leases.Find(address)!.ExpiresAt;
        desk.Time.Advance(TimeSpan.FromMinutes(30));

        var ack = desk.Ask(new(Request, 9) { CiAddr = address });

        Assert.Equal((Ack, Address.Of(address) + ":68", Dhcpv4Path.Udp), (ack.Type, ack.SentTo, ack.Reply.Path));
        Assert.Equal(end + (30 * 60 * 1000), desk.Leases.Find(address)!.ExpiresAt);
    }

    [Fact]
    public void A_lease_that_ended_goes_to_somebody_else_and_its_old_client_is_refused()
    {
        using var desk = new V4Desk(V4Desk.NewPlan() is var plan
            ? plan with
            {
                Network = plan.Network with
                {
                    Subnets = [
                        SamplePlans.IPv4Subnet with
                        {
                            DynamicPools = [new(Address.Of(V4Desk.Number("10.77.0.100")), Address.Of(V4Desk.Number("10.77.0.100")))],
                        }],
                },
            }
            : null);
        var address = desk.Lease(9).YiAddr;
        Assert.True(desk.Ask(new(Discover, 10)).IsNone);
        desk.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(address, desk.Lease(10).YiAddr);
        Assert.True(desk.Ask(new(Request, 9) { CiAddr = address }).IsNone);
        Assert.Equal(address, desk.Leases.FindClient(desk.Leases.Find(address)!.Client)!.Address);
    }

    [Fact]
    public void A_declined_address_of_a_pool_is_nobodys_until_the_quarantine_is_over()
    {
        using var desk = new V4Desk();
        var address = desk.Lease(9).YiAddr;

        Assert.True(desk.Ask(new(Decline, 9) { ServerIdentifier = V4Desk.Server, Requested = address }).IsNone);

        Assert.NotEqual(address, desk.Lease(9).YiAddr);
        Assert.Equal(Nak, desk.Ask(new(Request, 10) { ServerIdentifier = V4Desk.Server, Requested = address }).Type);
        desk.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(Ack, desk.Ask(new(Request, 10) { ServerIdentifier = V4Desk.Server, Requested = address }).Type);
    }

    [Fact]
    public void Nobody_declines_what_is_anothers()
    {
        using var desk = new V4Desk();
        var address = desk.Lease(9).YiAddr;

        _ = desk.Ask(new(Decline, 10) { ServerIdentifier = V4Desk.Server, Requested = address });
        _ = desk.Ask(new(Release, 10) { ServerIdentifier = V4Desk.Server, CiAddr = address });

        Assert.True(desk.Leases.Find(address)!.IsActive(desk.Store.Now));
        Assert.Equal(Ack, desk.Ask(new(Request, 9) { CiAddr = address }).Type);
    }

    [Fact]
    public void A_released_address_is_free()
    {
        using var desk = new V4Desk();
        var address = desk.Lease(9).YiAddr;

        Assert.True(desk.Ask(new(Release, 9) { ServerIdentifier = V4Desk.Server, CiAddr = address }).IsNone);

        Assert.Equal(0, desk.Leases.Count);
        Assert.Equal(Ack, desk.Ask(new(Request, 10) { ServerIdentifier = V4Desk.Server, Requested = address }).Type);
    }

    [Fact]
    public void An_inform_gets_options_and_no_lease()
    {
        using var desk = new V4Desk();

        var ack = desk.Ask(new(Inform, 9) { CiAddr = V4Desk.Number("10.77.0.200"), ParameterRequest = [1, 3, 6] });

        Assert.Equal((Ack, 0u, "10.77.0.200:68"), (ack.Type, ack.YiAddr, ack.SentTo));
        Assert.Null(ack[Dhcpv4OptionCode.LeaseTime]);
        Assert.Equal("10.77.0.53", ack.AddressOf(Dhcpv4OptionCode.DomainNameServer)?.ToString());
        Assert.Equal(0, desk.Leases.Count);
    }

    [Fact]
    public void Rapid_commit_saves_two_messages_where_it_is_allowed()
    {
        using var desk = new V4Desk(settings: new Dhcpv4Settings { AllowsRapidCommit = true });
        using var other = new V4Desk();
        var question = new V4Question(Discover, 9) { Options = [(80, [])] };

        var ack = desk.Ask(question);

        Assert.Equal((Ack, true), (ack.Type, ack.Reply.After != 0));
        Assert.Empty(ack[80]!);
        Assert.Equal(Offer, other.Ask(question).Type);
    }

    [Fact]
    public void Two_clients_that_ask_at_once_are_offered_two_addresses()
    {
        using var desk = new V4Desk();

        var offers = Enumerable.Range(20, 10).Select(number => desk.Ask(new(Discover, number)).YiAddr).ToList();

        Assert.Equal(10, offers.Distinct().Count());
        Assert.True(desk.Ask(new(Discover, 40)).IsNone);
        desk.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(Offer, desk.Ask(new(Discover, 40)).Type);
    }

    [Fact]
    public void The_greatest_number_of_leases_holds()
    {
        var plan = V4Desk.NewPlan();
        using var desk = new V4Desk(plan with { Options = plan.Options with { MaxLeases = 2 } });
        _ = desk.Lease(9);
        _ = desk.Lease(10);

        Assert.True(desk.Lease(11).IsNone);
        Assert.Equal(Ack, desk.Lease(9).Type);
    }

    [Fact]
    public void Messages_of_servers_and_of_BOOTP_clients_are_not_answered()
    {
        using var desk = new V4Desk();
        var packet = new V4Question(Discover, 9).Build();
        packet[0] = 2;

        Assert.True(desk.AskRaw(packet).IsNone);
        Assert.True(desk.Ask(new V4Question(None, 9)).IsNone);
        Assert.True(desk.Ask(new V4Question(Offer, 9)).IsNone);
    }
}

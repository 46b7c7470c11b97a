using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Dhcp.V6;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Plugin.InProcess.V6;

namespace DhcpHost.Plugin.InProcess.Tests.V6;

public sealed class V6ServerTests
{
    private static readonly byte[] OtherDuid = [0, 4, 8, 8, 8, 8];
    private static readonly Subnet Pooled = SamplePlans.IPv6Subnet with { DynamicPools = [new(IPAddress.Parse("fd77::100"), IPAddress.Parse("fd77::101"))] };

    [Fact]
    public void A_known_client_is_offered_its_address_at_once_and_bound_only_when_it_asks()
    {
        var desk = new V6Desk(V6Desk.Port(7));

        var offer = desk.Solicit();
        Assert.Equal(Dhcpv6MessageType.Advertise, offer?.Type);
        Assert.Equal([(1u, "fd77::7", 3600u)], offer!.Addresses);
        Assert.Equal([255], offer.Options[Dhcpv6OptionCode.Preference]);
        Assert.Equal(V6Desk.ServerDuid, offer.Options[Dhcpv6OptionCode.ServerId]);
        Assert.Equal(V6Desk.Duid, offer.Options[Dhcpv6OptionCode.ClientId]);
        Assert.Empty(desk.Bindings.All);

        var reply = desk.Request("fd77::7");
        Assert.Equal(Dhcpv6MessageType.Reply, reply?.Type);
        Assert.Equal([(1u, "fd77::7", 3600u)], reply!.Addresses);
        Assert.Equal([(1800u, 2880u)], reply.Times);
        var binding = Assert.Single(desk.Bindings.All.Values);
        Assert.Equal((1u, V6Desk.Mac, desk.Now + TimeSpan.FromHours(1)), (binding.Iaid, binding.Mac!.Value, binding.ExpiresAt!.Value));
    }

    [Fact]
    public void What_is_advertised_is_prepared_as_the_reply_will_bind_it()
    {
        var desk = new V6Desk(V6Desk.Port(7));
        _ = desk.Solicit();
        var prepared = Assert.Single(desk.Bindings.Prepared);
        _ = desk.Request("fd77::7");

        var bound = Assert.Single(desk.Bindings.All.Values);
        Assert.Equal(bound.Duid.ToArray(), prepared.Duid.ToArray());
        Assert.Equal(bound with { Duid = default }, prepared with { Duid = default });
        Assert.Single(desk.Bindings.Prepared);
    }

    [Fact]
    public void Rapid_commit_binds_in_one_exchange()
    {
        var desk = new V6Desk(V6Desk.Port(7));
        var reply = desk.Send(V6Desk.Message(Dhcpv6MessageType.Solicit, flags: Dhcpv6OptionCode.RapidCommit));
        Assert.Equal(Dhcpv6MessageType.Reply, reply?.Type);
        Assert.Contains(Dhcpv6OptionCode.RapidCommit, reply!.Options.Keys);
        Assert.Single(desk.Bindings.All);
    }

    [Fact]
    public void A_client_that_nobody_knows_is_told_that_no_address_is_free()
    {
        var desk = new V6Desk(V6Desk.Port(7));
        var answer = desk.Solicit(OtherDuid, SamplePlans.Mac(99));
        Assert.Equal([Dhcpv6Status.NoAddressesAvailable], answer!.Statuses);
        Assert.Empty(answer.Addresses);
    }

    [Fact]
    public void A_pool_gives_each_client_one_address_until_it_is_exhausted_and_takes_ended_ones_again()
    {
        var desk = new V6Desk(Pooled);
        var first = Assert.Single(desk.Solicit(OtherDuid, SamplePlans.Mac(1))!.Addresses).Address;
        Assert.Equal(first, Assert.Single(desk.Request(first, OtherDuid, SamplePlans.Mac(1))!.Addresses).Address);
        var second = Assert.Single(desk.Request("fd77::100", [0, 4, 2], SamplePlans.Mac(2))!.Addresses).Address;
        Assert.NotEqual(first, second);
        Assert.Equal([Dhcpv6Status.NoAddressesAvailable], desk.Solicit([0, 4, 3], SamplePlans.Mac(3))!.Statuses);

        desk.Now += TimeSpan.FromHours(1);
        Assert.Single(desk.Solicit([0, 4, 3], SamplePlans.Mac(3))!.Addresses);
    }

    [Fact]
    public void Two_associations_of_one_client_get_two_addresses()
    {
        var desk = new V6Desk(Pooled);
        var one = Assert.Single(desk.Request("fd77::100", OtherDuid, iaid: 1)!.Addresses).Address;
        var two = Assert.Single(desk.Request("fd77::100", OtherDuid, iaid: 2)!.Addresses).Address;
        Assert.NotEqual(one, two);
        Assert.Equal(one, Assert.Single(desk.Request(one, OtherDuid, iaid: 1)!.Addresses).Address);
    }

    [Fact]
    public void A_reserved_address_goes_to_its_port_whoever_had_it()
    {
        var desk = new V6Desk(V6Desk.Port(7));
        _ = desk.Request("fd77::7");
        var reply = desk.Request("fd77::7", OtherDuid);
        Assert.Equal("fd77::7", Assert.Single(reply!.Addresses).Address);
        Assert.True(Assert.Single(desk.Bindings.All.Values).IsOf(OtherDuid));
    }

    [Fact]
    public void No_pool_gives_a_reserved_address_to_others()
    {
        var desk = new V6Desk(Pooled, V6Desk.Port(100), V6Desk.Port(101));
        Assert.Equal([Dhcpv6Status.NoAddressesAvailable], desk.Solicit(OtherDuid, SamplePlans.Mac(9))!.Statuses);
    }

    [Fact]
    public void A_renewal_gives_more_time_and_no_more_to_what_the_client_may_not_keep()
    {
        var desk = new V6Desk(V6Desk.Port(7));
        _ = desk.Request("fd77::7");
        desk.Now += TimeSpan.FromMinutes(30);

        var reply = desk.Send(V6Desk.Message(Dhcpv6MessageType.Renew, 1, ["fd77::7", "fd77::8"], server: V6Desk.ServerDuid));

        Assert.Equal([(1u, "fd77::7", 3600u), (1u, "fd77::8", 0u)], reply!.Addresses);
        Assert.Equal(desk.Now + TimeSpan.FromHours(1), Assert.Single(desk.Bindings.All.Values).ExpiresAt);
    }

    [Fact]
    public void A_renewal_of_what_is_not_bound_here_is_told_so_and_a_rebind_is_left_to_others()
    {
        var desk = new V6Desk(V6Desk.Port(7));
        var renewed = desk.Send(V6Desk.Message(Dhcpv6MessageType.Renew, 1, ["fd77::50"], OtherDuid, V6Desk.ServerDuid), SamplePlans.Mac(9));
        Assert.Equal([Dhcpv6Status.NoBinding], renewed!.Statuses);
        Assert.Null(desk.Send(V6Desk.Message(Dhcpv6MessageType.Rebind, 1, ["fd77::50"], OtherDuid), SamplePlans.Mac(9)));
        var moved = desk.Send(V6Desk.Message(Dhcpv6MessageType.Rebind, 1, ["fd99::50"], OtherDuid), SamplePlans.Mac(9));
        Assert.Equal([(1u, "fd99::50", 0u)], moved!.Addresses);
    }

    [Fact]
    public void A_rebind_of_a_port_is_answered_by_whichever_server_knows_the_port()
    {
        var desk = new V6Desk(V6Desk.Port(7));
        var reply = desk.Send(V6Desk.Message(Dhcpv6MessageType.Rebind, 1, ["fd77::7"]));
        Assert.Equal([(1u, "fd77::7", 3600u)], reply!.Addresses);
        Assert.Single(desk.Bindings.All);
    }

    [Theory]
    [InlineData("fd77::7", Dhcpv6Status.Success)]
    [InlineData("fd78::7", Dhcpv6Status.NotOnLink)]
    public void A_confirm_is_answered_by_the_link_alone(string address, Dhcpv6Status expected)
    {
        var desk = new V6Desk();
        Assert.Equal([expected], desk.Send(V6Desk.Message(Dhcpv6MessageType.Confirm, 1, [address]))!.Statuses);
        Assert.Null(desk.Send(V6Desk.Message(Dhcpv6MessageType.Confirm, 1)));
    }

    [Fact]
    public void A_release_ends_the_binding_and_another_clients_release_does_not()
    {
        var desk = new V6Desk(V6Desk.Port(7));
        _ = desk.Request("fd77::7");
        var strange = desk.Send(V6Desk.Message(Dhcpv6MessageType.Release, 1, ["fd77::7"], OtherDuid, V6Desk.ServerDuid));
        Assert.Equal([Dhcpv6Status.Success, Dhcpv6Status.NoBinding], strange!.Statuses);
        Assert.Single(desk.Bindings.All);
        var own = desk.Send(V6Desk.Message(Dhcpv6MessageType.Release, 1, ["fd77::7"], server: V6Desk.ServerDuid));
        Assert.Equal([Dhcpv6Status.Success], own!.Statuses);
        Assert.Empty(desk.Bindings.All);
    }

    [Fact]
    public void A_declined_address_is_given_to_nobody_for_a_while()
    {
        var desk = new V6Desk(Pooled);
        var address = Assert.Single(desk.Request("fd77::100", OtherDuid)!.Addresses).Address;
        _ = desk.Send(V6Desk.Message(Dhcpv6MessageType.Decline, 1, [address], OtherDuid, V6Desk.ServerDuid));
        Assert.NotEqual(address, Assert.Single(desk.Request(address, OtherDuid)!.Addresses).Address);
        Assert.Equal([Dhcpv6Status.NoAddressesAvailable], desk.Solicit([0, 4, 1], SamplePlans.Mac(1))!.Statuses);
        desk.Now += TimeSpan.FromMinutes(11);
        Assert.Equal(address, Assert.Single(desk.Solicit([0, 4, 1], SamplePlans.Mac(1))!.Addresses).Address);
    }

    [Fact]
    public void Options_come_when_they_are_asked_for_and_the_ports_own_go_before_the_subnets()
    {
        var desk = new V6Desk(V6Desk.Port(
            7, new ExtraDhcpOption("dns-server", "fd77::99", 6), new ExtraDhcpOption("tag:ipxe6,59", "x", 6), new ExtraDhcpOption("ntp-server", "fd77::5", 6)));
        var reply = desk.Send(V6Desk.Message(Dhcpv6MessageType.Request, 1, ["fd77::7"], server: V6Desk.ServerDuid, requests: [23, 24, 59]));
        Assert.Equal(IPAddress.Parse("fd77::99").GetAddressBytes(), reply!.Options[Dhcpv6OptionCode.DnsServers]);
        Assert.Equal("\u0007example\u0003org\0"u8.ToArray(), reply.Options[Dhcpv6OptionCode.DomainList]);
        Assert.DoesNotContain(Dhcpv6OptionCode.BootFileUrl, reply.Options.Keys);
        Assert.DoesNotContain((Dhcpv6OptionCode)56, reply.Options.Keys);
        Assert.True(desk.Refusals.ToArray().IsEmpty);
    }

    [Fact]
    public void A_stateless_subnet_gives_options_alone()
    {
        var subnet = SamplePlans.IPv6Subnet with { IPv6AddressMode = IPv6Mode.Dhcpv6Stateless };
        var desk = new V6Desk(subnet, V6Desk.Port(7));
        var reply = desk.Send(V6Desk.Message(Dhcpv6MessageType.InformationRequest, null));
        Assert.Equal(IPAddress.Parse("fd77::53").GetAddressBytes(), reply!.Options[Dhcpv6OptionCode.DnsServers]);
        Assert.Equal([Dhcpv6Status.NoAddressesAvailable], desk.Solicit()!.Statuses);
    }

    [Fact]
    public void Messages_that_break_the_rules_are_not_answered()
    {
        var desk = new V6Desk(V6Desk.Port(7));
        Assert.Null(desk.Send(V6Desk.Message(Dhcpv6MessageType.Solicit, server: V6Desk.ServerDuid)));
        Assert.Null(desk.Send(V6Desk.Message(Dhcpv6MessageType.Request)));
        Assert.Null(desk.Send(V6Desk.Message(Dhcpv6MessageType.Request, server: OtherDuid)));
        Assert.Null(desk.Send(V6Desk.Message(Dhcpv6MessageType.InformationRequest)));
        Assert.Null(desk.Send(V6Desk.Message(Dhcpv6MessageType.Solicit, duid: new byte[131])));
        Assert.Null(desk.Send(V6Desk.Message(Dhcpv6MessageType.Solicit, duid: [0, 1])));
        Assert.Null(desk.Send(V6Desk.Message(Dhcpv6MessageType.Reply, server: V6Desk.ServerDuid)));
        Assert.Null(desk.Send(V6Desk.Message(Dhcpv6MessageType.Reconfigure, server: V6Desk.ServerDuid)));
        Assert.Null(desk.Send([]));
        Assert.Empty(desk.Bindings.All);
    }

    [Fact]
    public void A_unicast_message_is_told_to_use_multicast()
    {
        var desk = new V6Desk(V6Desk.Port(7));
        Assert.Null(desk.Send(V6Desk.Message(Dhcpv6MessageType.Solicit), isMulticast: false));
        var reply = desk.Send(V6Desk.Message(Dhcpv6MessageType.Request, 1, ["fd77::7"], server: V6Desk.ServerDuid), isMulticast: false);
        Assert.Equal([Dhcpv6Status.UseMulticast], reply!.Statuses);
        Assert.Empty(desk.Bindings.All);
    }

    [Fact]
    public void Through_relay_agents_the_answer_goes_back_the_same_way()
    {
        var desk = new V6Desk(V6Desk.Port(7));
        var inner = V6Desk.Relayed(
            V6Desk.Message(Dhcpv6MessageType.Solicit),
            "fd77::1",
            0,
            (Dhcpv6OptionCode.InterfaceId, [1, 2]),
            (Dhcpv6OptionCode.ClientLinkLayerAddress, [0, 1, 0xfa, 0x16, 0x3e, 0, 0, 7]));
        var answer = desk.Send(V6Desk.Relayed(inner, "::", 1, (Dhcpv6OptionCode.InterfaceId, [3])), SamplePlans.Mac(250));

        Assert.Equal((Dhcpv6MessageType.RelayReply, (byte)1), (answer!.Type, answer.HopCount));
        Assert.Equal([3], answer.Options[Dhcpv6OptionCode.InterfaceId]);
        Assert.Equal([1, 2], answer.Relayed!.Options[Dhcpv6OptionCode.InterfaceId]);
        Assert.Equal(IPAddress.Parse("fd77::1").GetAddressBytes(), answer.Relayed.LinkAddress);
        Assert.Equal("fd77::7", Assert.Single(answer.Relayed.Relayed!.Addresses).Address);
    }

    [Fact]
    public void A_relay_agent_of_a_strange_link_and_one_too_many_are_not_answered()
    {
        var desk = new V6Desk(V6Desk.Port(7));
        Assert.Null(desk.Send(V6Desk.Relayed(V6Desk.Message(Dhcpv6MessageType.Solicit), "fd99::1")));
        var message = V6Desk.Message(Dhcpv6MessageType.Solicit);
        for (byte hops = 0; hops < 9; hops++)
        {
            message = V6Desk.Relayed(message, "fd77::1", hops);
        }

        Assert.Null(desk.Send(message));
    }

    [Fact]
    public void What_does_not_fit_the_reply_is_not_sent_in_part()
    {
        var desk = new V6Desk(Pooled);
        var server = new V6Server(desk.Model, desk.Bindings);
        Assert.Equal(0, server.Answer(V6Desk.Message(Dhcpv6MessageType.Solicit), new byte[16], V6Desk.Mac, true, desk.Now, new byte[40]));
    }
}

using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Dhcp.V6;
using DhcpHost.DriverConformance.Suite;

namespace DhcpHost.Plugin.InProcess.Tests.V6;

/// <summary>Messages with more than one association, and with such as nothing is given for.</summary>
public sealed class V6AssociationTests
{
    private static readonly Subnet Pooled = SamplePlans.IPv6Subnet with { DynamicPools = [new(IPAddress.Parse("fd77::100"), IPAddress.Parse("fd77::101"))] };

    [Fact]
    public void Two_associations_in_one_message_get_two_addresses_and_keep_them()
    {
        var desk = new V6Desk(Pooled);
        byte[] message = [.. V6Desk.Message(Dhcpv6MessageType.Request, 1, server: V6Desk.ServerDuid), .. Association(Dhcpv6OptionCode.IaNa, 2)];

        var first = desk.Send(message, SamplePlans.Mac(99))!.Addresses;
        var again = desk.Send(message, SamplePlans.Mac(99))!.Addresses;

        Assert.Equal(["fd77::100", "fd77::101"], first.Select(item => item.Address).Order(StringComparer.Ordinal));
        Assert.Equal([1u, 2u], first.Select(item => item.Iaid));
        Assert.Equal(first, again);
        Assert.Equal(2, desk.Bindings.All.Count);
    }

    [Theory]
    [InlineData(Dhcpv6OptionCode.IaPd, Dhcpv6Status.NoPrefixAvailable)]
    [InlineData(Dhcpv6OptionCode.IaTa, Dhcpv6Status.NoAddressesAvailable)]
    public void No_prefix_and_no_temporary_address_is_given_and_the_rest_of_the_message_is_answered(Dhcpv6OptionCode code, Dhcpv6Status expected)
    {
        var desk = new V6Desk(V6Desk.Port(7));

        var reply = desk.Send([.. V6Desk.Message(Dhcpv6MessageType.Request, 1, ["fd77::7"], server: V6Desk.ServerDuid), .. Association(code, 5)]);

        Assert.Equal([(1u, "fd77::7", 3600u)], reply!.Addresses);
        Assert.Equal([expected], reply.Statuses);
    }

    private static byte[] Association(Dhcpv6OptionCode code, byte iaid)
    {
        byte[] times = code == Dhcpv6OptionCode.IaTa ? [] : [0, 0, 0, 0, 0, 0, 0, 0];
        return [0, (byte)code, 0, (byte)(4 + times.Length), 0, 0, 0, iaid, .. times];
    }
}

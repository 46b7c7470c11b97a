using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Plugin.InProcess.Leases;
using static DhcpHost.Dhcp.V4.Dhcpv4MessageType;

namespace DhcpHost.Plugin.InProcess.Tests.V4;

/// <summary>Leases of a server that did not note what its clients call themselves: they know their clients again all the same.</summary>
public sealed class InheritedLeaseTests
{
    private static readonly byte[] Identifier = [255, 0, 0, 0, 9, 0, 3, 0, 1, 2, 3, 4, 5, 6, 7];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_client_that_was_noted_by_its_MAC_address_alone_keeps_its_address_whether_it_sends_an_identifier_or_not(bool sends)
    {
        using var desk = Inherit();
        var id = sends ? Identifier : null;

        Assert.Equal(V4Desk.Number("10.77.0.105"), desk.Ask(new(Discover, 9) { ClientId = id }).YiAddr);
        Assert.Equal(Ack, desk.Ask(new(Request, 9) { ClientId = id, Requested = V4Desk.Number("10.77.0.105") }).Type);
        Assert.Equal(Ack, desk.Ask(new(Request, 9) { ClientId = id, CiAddr = V4Desk.Number("10.77.0.105") }).Type);
        Assert.Equal(sends, Assert.Single(LeaseList.Of(desk.Store.Of(desk.Plan.Server), desk.Store.Now)).ClientId is not null);
    }

    [Fact]
    public void A_renewal_is_the_first_that_a_server_may_hear_of_such_a_client()
    {
        using var desk = Inherit();

        Assert.Equal(Ack, desk.Ask(new(Request, 9) { ClientId = Identifier, CiAddr = V4Desk.Number("10.77.0.105") }).Type);
    }

    [Fact]
    public void Two_clients_with_one_MAC_address_do_not_both_get_such_a_lease()
    {
        using var desk = Inherit();
        _ = desk.Ask(new(Request, 9) { ClientId = Identifier, CiAddr = V4Desk.Number("10.77.0.105") });

        Assert.NotEqual(V4Desk.Number("10.77.0.105"), desk.Ask(new(Discover, 9) { ClientId = [1, 2, 3] }).YiAddr);
    }

    private static V4Desk Inherit()
    {
        var desk = new V4Desk();
        var lease = new Lease { Address = IPAddress.Parse("10.77.0.105"), MacAddress = SamplePlans.Mac(9), ExpiresAt = desk.Time.GetUtcNow().AddMinutes(30) };
        LeaseList.Import(desk.Store.Of(desk.Plan.Server), [lease]);
        return desk;
    }
}

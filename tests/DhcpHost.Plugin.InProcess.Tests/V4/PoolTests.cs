using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.DriverConformance.Suite;
using static DhcpHost.Dhcp.V4.Dhcpv4MessageType;

namespace DhcpHost.Plugin.InProcess.Tests.V4;

/// <summary>Which addresses are given to clients that nobody knows.</summary>
public sealed class PoolTests
{
    [Fact]
    public void All_pools_of_all_subnets_of_the_wire_are_used_up()
    {
        var second = SamplePlans.IPv4Subnet with
        {
            Id = new("s4b"),
            Cidr = IPNetwork.Parse("10.78.0.0/24"),
            GatewayIp = IPAddress.Parse("10.78.0.1"),
            DynamicPools = [Pool("10.78.0.9", "10.78.0.9")],
        };
        using var desk = new V4Desk(
            Plan(V4Desk.NewBinding("10.77.0.2/24", "10.78.0.2/24"), [Pool("10.77.0.5", "10.77.0.6"), Pool("10.77.0.200", "10.77.0.200")], second));

        var given = Enumerable.Range(20, 4).Select(number => desk.Lease(number)).ToList();

        Assert.Equal(["10.77.0.200", "10.77.0.5", "10.77.0.6", "10.78.0.9"], given.Select(answer => answer.Given).Order(StringComparer.Ordinal));
        Assert.Equal("10.78.0.2", given.Single(answer => answer.Given == "10.78.0.9").AddressOf(54)?.ToString());
        Assert.True(desk.Ask(new(Discover, 30)).IsNone);
    }

    [Fact]
    public void The_servers_own_address_the_gateway_and_reserved_ones_are_in_no_pool()
    {
        using var desk = new V4Desk(Plan(V4Desk.NewBinding("10.77.0.2/24"), [Pool("10.77.0.1", "10.77.0.4")], null, SamplePlans.Port(3)));

        Assert.Equal("10.77.0.4", desk.Lease(20).Given);
        Assert.True(desk.Ask(new(Discover, 21)).IsNone);
        foreach (var address in new[] { "10.77.0.1", "10.77.0.2", "10.77.0.3" })
        {
            Assert.Equal(Nak, desk.Ask(new(Request, 21) { ServerIdentifier = V4Desk.Server, Requested = V4Desk.Number(address) }).Type);
        }
    }

    [Fact]
    public void A_client_that_wishes_for_an_address_gets_it_if_it_is_free_and_in_a_pool()
    {
        using var desk = new V4Desk();
        var wish = V4Desk.Number("10.77.0.107");

        Assert.Equal("10.77.0.107", desk.Ask(new(Discover, 20) { Requested = wish }).Given);
        Assert.NotEqual("10.77.0.107", desk.Ask(new(Discover, 21) { Requested = wish }).Given);
        Assert.InRange(
            desk.Ask(new(Discover, 22) { Requested = V4Desk.Number("10.77.0.50") }).YiAddr, V4Desk.Number("10.77.0.100"), V4Desk.Number("10.77.0.109"));
    }

    [Fact]
    public void A_client_whose_lease_was_forgotten_finds_its_address_again()
    {
        using var desk = new V4Desk();
        var address = desk.Lease(20).YiAddr;
        desk.Time.Advance(TimeSpan.FromDays(1));
        desk.Leases.Sweep(desk.Store.Now);

        Assert.Null(desk.Leases.Find(address));
        Assert.Equal(address, desk.Ask(new(Discover, 20)).YiAddr);
    }

    private static AllocationPool Pool(string first, string last) => new(IPAddress.Parse(first), IPAddress.Parse(last));

    private static DhcpPlan Plan(InterfaceBinding binding, AllocationPool[] pools, Subnet? second, params Port[] ports)
    {
        Subnet[] subnets = [SamplePlans.IPv4Subnet with { DynamicPools = [.. pools] }, .. second is null ? (Subnet[])[] : [second]];
        return SamplePlans.Make("n1", binding, subnets, ports);
    }
}

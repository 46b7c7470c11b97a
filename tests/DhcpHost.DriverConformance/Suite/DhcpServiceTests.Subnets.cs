using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Testing.Lab;
using Xunit;

namespace DhcpHost.DriverConformance.Suite;

public abstract partial class DhcpServiceTests
{
    [Fact]
    public async Task Two_subnets_on_a_link_have_their_own_clients_who_renew_at_the_servers_address_on_theirs()
    {
        Assert.SkipUnless(Driver.Capabilities.DynamicPools, "no dynamic pools");
        var second = new Subnet
        {
            Id = new("s4b"),
            Cidr = IPNetwork.Parse("10.78.0.0/24"),
            GatewayIp = IPAddress.Parse("10.78.0.1"),
            DnsNameservers = [IPAddress.Parse("10.78.0.53")],
            DynamicPools = [new(IPAddress.Parse("10.78.0.100"), IPAddress.Parse("10.78.0.109"))],
        };
        IPInterfaceAddress[] addresses = [IPInterfaceAddress.Parse("10.77.0.2/24", null), IPInterfaceAddress.Parse("10.78.0.2/24", null)];
        Port[] ports = [SamplePlans.Port(7), SamplePlans.Port(8) with { FixedIps = [new(second.Id, IPAddress.Parse("10.78.0.8"))] }];
        var plan = SamplePlans.Make("n1", await Subject.NewInterfaceAsync(addresses, Stop), [SamplePlans.IPv4Subnet, second], ports);
        var handle = (await Driver.ApplyAsync(plan, null, Stop)).Handle;

        // For so long it asks its server alone; then it would ask all.
        async Task<UdhcpcClient> NewPatientAsync(int number) =>
            new(Subject.Lab, await Subject.NewStationAsync(plan.Interface, Stop, SamplePlans.Mac(number)), null, ["-T", "60"]);
        await using var one = await NewPatientAsync(7);
        await using var two = await NewPatientAsync(8);
        await using var stranger = await NewPatientAsync(9);

        foreach (var (client, subnet) in new[] { (one, "10.77.0"), (two, "10.78.0"), (stranger, "10.78.0") })
        {
            var lease = await client.LeaseAsync(Stop);
            Assert.StartsWith($"{subnet}.{(client == one ? "7" : client == two ? "8" : "10")}", lease.Address?.ToString(), StringComparison.Ordinal);
            Assert.Equal(($"{subnet}.2", $"{subnet}.1", $"{subnet}.53"), (lease.ServerIdentifier?.ToString(), lease["router"], lease["dns"]));

            DhcpEvent? renewed = null;
            for (var i = 0; i < 8 && renewed is null; i++)
            {
                // udhcpc misses an answer that comes before it has closed the socket that it asked by.
                renewed = await client.RenewAsync(Stop, TimeSpan.FromSeconds(5));
            }

            Assert.True(lease.Address!.Equals(renewed?.Address), $"{renewed} in place of {lease.Address}: {client.ReadLog()}");
            Assert.Contains(await Driver.ListLeasesAsync(handle, Stop), listed => listed.Address.Equals(lease.Address));
        }
    }
}

using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Linux.Netlink;
using DhcpHost.Plugin.InProcess.Tests.Conformance;
using DhcpHost.Testing.Lab;

namespace DhcpHost.Plugin.InProcess.Tests.Clients;

/// <summary>Clients behind a router, whose relay agent (ISC's dhcrelay) takes their messages to the server.</summary>
public sealed class RelayTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_behind_a_relay_gets_an_address_of_its_own_subnet()
    {
        await using var subject = new InProcessSubject();
        var (plan, handle) = await ServeAsync(subject, "10.88.0.50", "10.88.0.59");
        var wire = await AddRelayAsync(subject, plan.Interface);
        using var station = await wire.AddStationAsync(Stop, SamplePlans.Mac(9));
        await using var client = new UdhcpcClient(subject.Lab, station);

        var lease = await client.LeaseAsync(Stop);
        var renewed = await client.RenewAsync(Stop);

        Assert.StartsWith("10.88.0.5", lease.Address?.ToString(), StringComparison.Ordinal);
        Assert.Equal("10.88.0.1", lease["router"]);
        Assert.Equal(lease.Address, renewed?.Address);
        Assert.Equal(lease.Address, Assert.Single(await subject.Driver.ListLeasesAsync(handle, Stop)).Address);
    }

    [Fact]
    public async Task An_address_behind_a_relay_that_answers_an_echo_request_is_not_offered()
    {
        await using var subject = new InProcessSubject(options => options.ConflictProbe = TimeSpan.FromSeconds(1));
        var (plan, _) = await ServeAsync(subject, "10.88.0.50", "10.88.0.51");
        var wire = await AddRelayAsync(subject, plan.Interface);
        using var squatter = await wire.AddStationAsync(Stop);
        squatter.Netlink.Execute(batch => batch
            .AddAddress(new(squatter.Link.Index, IPAddress.Parse("10.88.0.50"), 24))
            .AddRoute(new(IPNetwork.Parse("10.77.0.0/24"), IPAddress.Parse("10.88.0.1"), squatter.Link.Index)));
        using var station = await wire.AddStationAsync(Stop, SamplePlans.Mac(9));
        await using var client = new UdhcpcClient(subject.Lab, station, null, ["-r", "10.88.0.50"]);

        var lease = await client.LeaseAsync(Stop);

        Assert.Equal("10.88.0.51", lease.Address?.ToString());
        Assert.Equal("10.77.0.2", lease.ServerIdentifier?.ToString());
    }

    private static async Task<(DhcpPlan Plan, DriverHandle Handle)> ServeAsync(InProcessSubject subject, string first, string last)
    {
        var far = new Subnet
        {
            Id = new("far"),
            Cidr = IPNetwork.Parse("10.88.0.0/24"),
            GatewayIp = IPAddress.Parse("10.88.0.1"),
            DynamicPools = [new(IPAddress.Parse(first), IPAddress.Parse(last))],
        };
        var plan = SamplePlans.Make("n1", await subject.NewInterfaceAsync(SamplePlans.ServerAddresses, Stop));
        plan = plan with { Network = plan.Network with { NonLocalSubnets = [far] } };
        return (plan, (await subject.Driver.ApplyAsync(plan, null, Stop)).Handle);
    }

    /// <summary>A router with a relay agent between the server's wire and 10.88.0.0/24; that one's wire.</summary>
    private static async Task<LabNetwork> AddRelayAsync(InProcessSubject subject, InterfaceBinding binding)
    {
        var router = await subject.NetworkOf(binding).AddStationAsync(Stop);
        var wire = new LabNetwork(subject.Lab);
        subject.Lab.Host.Execute(batch => batch.CreateVeth(
            new VethSpec(subject.Lab.NewName("v"), "eth1") { PeerNamespace = router.Namespace, MasterIndex = wire.Bridge.Index, IsUp = true }));
        var inner = router.Netlink.GetLink("eth1").Index;
        router.Netlink.Execute(batch => batch.SetUp(inner)
            .AddAddress(new(router.Link.Index, IPAddress.Parse("10.77.0.3"), 24)).AddAddress(new(inner, IPAddress.Parse("10.88.0.1"), 24)));
        await subject.Lab.Namespaces.WriteSysctlAsync(router.Namespace, "net/ipv4/ip_forward", "1", Stop);
        using (var server = subject.Lab.Namespaces.Open(binding.Namespace))
        {
            _ = await subject.Lab.RunAsync(server, ["/sbin/ip", "route", "add", "10.88.0.0/24", "via", "10.77.0.3"], Stop);
        }

        _ = await subject.Lab.SpawnAsync(
            router.Namespace, new("/usr/sbin/dhcrelay", ["-4", "-d", "-a", "--no-pid", "-id", "eth1", "-iu", "eth0", "10.77.0.2"]), Stop);
        return wire;
    }
}

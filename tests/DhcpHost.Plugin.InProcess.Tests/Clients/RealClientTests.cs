using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Plugin.InProcess.Tests.Conformance;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.Plugin.InProcess.Tests.Clients;

/// <summary>Real clients and a real relay, beyond what every driver's conformance tests have.</summary>
public sealed class RealClientTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dhclient_gets_its_ports_address_with_routes_and_renews_it()
    {
        await using var subject = new InProcessSubject();
        var plan = await NewPlanAsync(subject, SamplePlans.Port(7));
        _ = await subject.Driver.ApplyAsync(plan, null, Stop);
        var station = await subject.NewStationAsync(plan.Interface, Stop, SamplePlans.Mac(7));
        await using (var client = new DhclientClient(subject.Lab, station, DhclientMode.V4))
        {
            var lease = await client.LeaseAsync(Stop);
            Assert.Equal("10.77.0.7", lease.Address?.ToString());
            Assert.Equal("10.77.0.1", lease["new_routers"]);
            Assert.Equal("10.77.0.53", lease["new_domain_name_servers"]);
        }

        // It asks for what it had, and is a client with an identifier of its own now.
        await using var again = new DhclientClient(subject.Lab, station, DhclientMode.V4, "send dhcp-client-identifier \"another\";");
        Assert.Equal("10.77.0.7", (await again.LeaseAsync(Stop)).Address?.ToString());
    }

    [Fact]
    public async Task Dhcpcd_gets_an_address_of_the_pool()
    {
        await using var subject = new InProcessSubject();
        var plan = await NewPlanAsync(subject);
        var handle = (await subject.Driver.ApplyAsync(plan, null, Stop)).Handle;

        // Its files are called after the link.
        var name = subject.Lab.NewName("d");
        using var station = await subject.NetworkOf(plan.Interface).AddStationAsync(Stop, SamplePlans.Mac(9), name);
        _ = await subject.Lab.SpawnAsync(
            station.Namespace, new("/usr/sbin/dhcpcd", ["-4", "-1", "-B", "-t", "20", "--nohook", "resolv.conf", "--noarp", "-c", "/bin/true", name]), Stop);

        await Eventually.TrueAsync(
            () =>
                station.Netlink.ListAddresses(station.Link.Index).Any(address => address.Address.ToString().StartsWith("10.77.0.10", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(30), Stop);
        Assert.Equal(SamplePlans.Mac(9), Assert.Single(await subject.Driver.ListLeasesAsync(handle, Stop)).MacAddress);
    }

    [Fact]
    public async Task An_address_that_somebody_has_already_is_not_offered_where_it_is_asked_for_first()
    {
        await using var subject = new InProcessSubject(options => options.ConflictProbe = TimeSpan.FromMilliseconds(300));
        var subnet = SamplePlans.IPv4Subnet with { DynamicPools = [new(IPAddress.Parse("10.77.0.100"), IPAddress.Parse("10.77.0.101"))] };
        var plan = SamplePlans.Make("n1", await subject.NewInterfaceAsync(SamplePlans.ServerAddresses, Stop), [subnet]);
        _ = await subject.Driver.ApplyAsync(plan, null, Stop);
        using var squatter = await subject.NetworkOf(plan.Interface).AddStationAsync(Stop);
        squatter.Netlink.Execute(batch => batch.AddAddress(new(squatter.Link.Index, IPAddress.Parse("10.77.0.100"), 24)));
        var station = await subject.NewStationAsync(plan.Interface, Stop, SamplePlans.Mac(9));
        await using var client = new UdhcpcClient(subject.Lab, station, null, ["-r", "10.77.0.100"]);

        Assert.Equal("10.77.0.101", (await client.LeaseAsync(Stop, TimeSpan.FromSeconds(30))).Address?.ToString());
    }

    [Fact]
    public async Task Changes_while_clients_ask_cost_none_of_them_an_answer()
    {
        await using var subject = new InProcessSubject();
        var plan = await NewPlanAsync(subject, SamplePlans.Port(7));
        var handle = (await subject.Driver.ApplyAsync(plan, null, Stop)).Handle;
        await using var client = new UdhcpcClient(subject.Lab, await subject.NewStationAsync(plan.Interface, Stop, SamplePlans.Mac(7)));
        _ = await client.LeaseAsync(Stop);
        for (var i = 0; i < 20; i++)
        {
            var changing = subject.Driver.ApplyAsync(plan with { Network = plan.Network with { Mtu = 1300 + i } }, handle, Stop);
            Assert.Equal("10.77.0.7", (await client.RenewAsync(Stop))?.Address?.ToString());
            Assert.Equal(ApplyAction.Reloaded, (await changing).Action);
        }
    }

    [Fact]
    public async Task A_host_that_restarts_serves_its_clients_before_any_source_is_heard()
    {
        await using var subject = new InProcessSubject();
        var plan = await NewPlanAsync(subject, SamplePlans.Port(7));
        var handle = (await subject.Driver.ApplyAsync(plan, null, Stop)).Handle;
        handle = (await subject.Driver.ApplyAsync(plan.WithPorts(SamplePlans.Port(7), SamplePlans.Port(8)), handle, Stop)).Handle;
        await using var dynamic = new UdhcpcClient(subject.Lab, await subject.NewStationAsync(plan.Interface, Stop, SamplePlans.Mac(9)));
        await using var added = new UdhcpcClient(subject.Lab, await subject.NewStationAsync(plan.Interface, Stop, SamplePlans.Mac(8)));
        var lease = await dynamic.LeaseAsync(Stop);

        subject.RestartHost();
        Assert.Equal(RecoverOutcome.Recovered, (await subject.Driver.RecoverAsync(handle, Stop)).Outcome);

        Assert.Equal(lease.Address, (await dynamic.RenewAsync(Stop))?.Address);
        Assert.Equal("10.77.0.8", (await added.LeaseAsync(Stop)).Address?.ToString());
    }

    [Fact]
    public async Task A_second_driver_looks_on_and_takes_over_when_the_first_has_ended()
    {
        await using var subject = new InProcessSubject();
        var plan = await NewPlanAsync(subject, SamplePlans.Port(7));
        var handle = (await subject.Driver.ApplyAsync(plan, null, Stop)).Handle;
        await using var client = new UdhcpcClient(subject.Lab, await subject.NewStationAsync(plan.Interface, Stop, SamplePlans.Mac(7)));
        await using var second = subject.NewDriver();
        _ = await client.LeaseAsync(Stop);

        Assert.Equal(ApplyAction.Unchanged, (await second.PreviewAsync(plan, handle, Stop)).Action);
        Assert.Equal(FailureKind.Conflict, (await Assert.ThrowsAsync<DhcpHostException>(() => second.ApplyAsync(plan, handle, Stop))).Kind);
        Assert.Equal(FailureKind.Conflict, (await Assert.ThrowsAsync<DhcpHostException>(() => second.RecoverAsync(handle, Stop))).Kind);
        await subject.EndHostAsync();

        Assert.Equal(RecoverOutcome.Recovered, (await second.RecoverAsync(handle, Stop)).Outcome);
        Assert.Equal("10.77.0.7", Assert.Single(await second.ListLeasesAsync(handle, Stop)).Address.ToString());
        Assert.Equal("10.77.0.7", (await client.RenewAsync(Stop))?.Address?.ToString());
    }

    private static async Task<DhcpPlan> NewPlanAsync(InProcessSubject subject, params Port[] ports) =>
        SamplePlans.Make("n1", await subject.NewInterfaceAsync(SamplePlans.ServerAddresses, Stop), null, ports);
}

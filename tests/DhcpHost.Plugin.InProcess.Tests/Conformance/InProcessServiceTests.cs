using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.DriverConformance.Suite;

namespace DhcpHost.Plugin.InProcess.Tests.Conformance;

/// <summary>What the host itself does for real clients under the driver.</summary>
public sealed class InProcessServiceTests : DhcpServiceTests
{
    protected override LabDhcpDriverSubject CreateSubject() => new InProcessSubject();

    [Fact]
    public async Task A_DHCPv6_lease_ends_with_its_port_and_stays_where_only_others_change()
    {
        var port = SamplePlans.Port(7) with { FixedIps = [new(SamplePlans.IPv6Subnet.Id, IPAddress.Parse("fd77::7"))] };
        var other = SamplePlans.Port(8) with { FixedIps = [new(SamplePlans.IPv6Subnet.Id, IPAddress.Parse("fd77::8"))] };
        var lease = new Lease { Address = IPAddress.Parse("fd77::7"), MacAddress = SamplePlans.Mac(7), Duid = "00:04:aa:bb", Iaid = 1 };
        var plan = SamplePlans.Make("n1", await Subject.NewInterfaceAsync(SamplePlans.ServerAddresses, Stop), [SamplePlans.IPv6Subnet], port);
        var handle = (await Driver.ApplyAsync(plan with { InheritedLeases = [lease] }, null, Stop)).Handle;

        handle = (await Driver.ApplyAsync(plan.WithPorts(port, other), handle, Stop)).Handle;
        Assert.Equal("fd77::7", Assert.Single(await Driver.ListLeasesAsync(handle, Stop)).Address.ToString());

        handle = (await Driver.ApplyAsync(plan.WithPorts(other), handle, Stop)).Handle;
        Assert.Empty(await Driver.ListLeasesAsync(handle, Stop));
    }
}

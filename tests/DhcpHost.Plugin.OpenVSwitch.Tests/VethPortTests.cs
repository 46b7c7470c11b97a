using DhcpHost.DriverConformance.Suite;
using DhcpHost.Linux.Netlink;

namespace DhcpHost.Plugin.OpenVSwitch.Tests;

[Collection(OpenVSwitchCollection.Name)]
public sealed class VethPortTests(OpenVSwitchFixture ovs) : OpenVSwitchDriverTests(ovs)
{
    protected override bool UsesVeth => true;

    [Fact]
    public async Task Replies_leave_with_their_checksum_filled_in()
    {
        var result = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        using var witness = new ChecksumWitness();

        await ChecksumWitness.BroadcastAsync(Lab, result.Interface, Token);

        Assert.True(await witness.NextIsValidAsync(result.Interface.MacAddress, Token));
        using var ns = Lab.Namespaces.Open(result.Interface.Namespace);
        using var inside = await RouteNetlink.OpenAsync(Lab.Broker, ns, Token);
        Assert.False(ChecksumOffload.IsOn(inside, result.Interface.Device));
    }
}

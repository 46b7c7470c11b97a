using DhcpHost.Plugin.Neutron.HostPorts;
using DhcpHost.Plugin.Neutron.Tests.Fakes;

namespace DhcpHost.Plugin.Neutron.Tests.HostPorts;

public sealed class DhcpDeviceIdTests
{
    [Theory]
    [InlineData("labhost", null, "dhcp00a85086-8325-5bbd-b849-da3ecd7bcacc-745dc54d-ef11-40c8-861e-4c5b2c44fe34")]
    [InlineData("labhost.example.org", null, "dhcp00a85086-8325-5bbd-b849-da3ecd7bcacc-745dc54d-ef11-40c8-861e-4c5b2c44fe34")]
    [InlineData("labhost", 77, "dhcp00a85086-8325-5bbd-b849-da3ecd7bcacc-745dc54d-ef11-40c8-861e-4c5b2c44fe34-77")]
    [InlineData("labhost", 0, "dhcp00a85086-8325-5bbd-b849-da3ecd7bcacc-745dc54d-ef11-40c8-861e-4c5b2c44fe34")]
    public void It_is_the_one_that_Neutrons_own_agent_has(string host, int? segmentationId, string expected) =>
        Assert.Equal(expected, DhcpDeviceId.Of(host, new("745dc54d-ef11-40c8-861e-4c5b2c44fe34"), segmentationId));

    [Fact]
    public void It_is_the_recorded_one() =>
        Assert.Contains(Recorded.Calls, call => call["args"]!["port"]?["port"]?["device_id"]?.GetValue<string>() == DhcpDeviceId.Of(
            "labhost", new("745dc54d-ef11-40c8-861e-4c5b2c44fe34")));
}

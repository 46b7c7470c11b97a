using System.Net;
using System.Text.Json;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.State;

namespace DhcpHost.Core.Tests.State;

public sealed class StateJsonTests
{
    private static readonly Network Full = new()
    {
        Id = new("net"),
        Name = "a name",
        Mtu = 1450,
        AdminStateUp = false,
        Subnets =
        [
            new()
            {
                Id = new("subnet"),
                Cidr = IPNetwork.Parse("10.0.0.0/24"),
                GatewayIp = IPAddress.Parse("10.0.0.1"),
                DnsNameservers = [IPAddress.Parse("10.0.0.3"), IPAddress.Parse("2001:db8::3")],
                HostRoutes = [new(IPNetwork.Parse("10.1.0.0/16"), IPAddress.Parse("10.0.0.9"))],
                AllocationPools = [new(IPAddress.Parse("10.0.0.10"), IPAddress.Parse("10.0.0.20"))],
                LeaseTime = TimeSpan.FromHours(3),
                IPv6RaMode = IPv6Mode.Dhcpv6Stateless,
                SegmentId = new("segment"),
            },
        ],
        Ports =
        [
            new()
            {
                Id = new("port"),
                MacAddress = MacAddress.Parse("fa:16:3e:00:00:01", null),
                FixedIps = [new(new("subnet"), IPAddress.Parse("10.0.0.10"))],
                ExtraDhcpOptions = [new("mtu", "1400", 4)],
                DnsAssignments = [new("host", "host.example.", IPAddress.Parse("10.0.0.10"))],
            },
        ],
        Segments = [new() { Id = new("segment"), NetworkType = "vxlan", SegmentationId = 7 }],
        Labels = new([new("b", "2"), new("a", "1")]),
        DhcpDriver = new("kea"),
    };

    [Fact]
    public void It_is_the_same_text_as_the_models() =>
        Assert.Equal(JsonSerializer.Serialize(Full, ModelJson.Options), JsonSerializer.Serialize(Full, StateJson.Model.Network));

    [Fact]
    public void What_is_written_is_read_again()
    {
        var text = JsonSerializer.Serialize(Full, StateJson.Model.Network);
        Assert.Equal(Full, JsonSerializer.Deserialize(text, StateJson.Model.Network));
    }

    [Fact]
    public void A_servers_interface_is_read_as_it_was_written()
    {
        var binding = new InterfaceBinding
        {
            Namespace = "ns",
            Device = "tap0",
            MacAddress = MacAddress.Parse("fa:16:3e:00:00:02", null),
            Addresses = [new(IPAddress.Parse("10.0.0.2"), 24)],
        };
        var text = JsonSerializer.Serialize(binding, StateJson.Model.InterfaceBinding);
        Assert.Equal(JsonSerializer.Serialize(binding, ModelJson.Options), text);
        Assert.Equal(binding, JsonSerializer.Deserialize(text, StateJson.Model.InterfaceBinding));
    }
}

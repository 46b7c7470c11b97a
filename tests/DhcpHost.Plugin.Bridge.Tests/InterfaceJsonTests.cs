using System.Net;
using System.Text;
using System.Text.Json;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Interfaces;

namespace DhcpHost.Plugin.Bridge.Tests;

public sealed class InterfaceJsonTests
{
    private static readonly DesiredInterface Full = new()
    {
        Namespace = "qdhcp-\"n1\" <ä>",
        Device = "ns-1",
        HostDevice = "tap-1",
        Bridge = "br0",
        MacAddress = MacAddress.Parse("fa:16:3e:00:00:01"),
        Mtu = 1450,
        Addresses = [new(IPAddress.Parse("10.0.0.2"), 16), new(IPAddress.Parse("2001:db8::2"), 64)],
        Gateways = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("fe80::1")],
        PortId = "p1",
        VlanId = 7,
        SharesNamespace = true,
        DetectsDuplicateAddresses = true,
    };

    private static readonly DesiredInterface Least = new()
    {
        Namespace = "n",
        Device = "d",
        HostDevice = "h",
        Bridge = "b",
        MacAddress = MacAddress.Parse("fa:16:3e:00:00:02"),
    };

    public static TheoryData<string> NoInterfaces { get; } =
    [
        "",
        "null",
        "[]",
        "7",
        "{}",
        """{"namespace":"n","device":"d","host_device":"h","mac_address":"fa:16:3e:00:00:02"}""",
        """{"namespace":null,"device":"d","host_device":"h","bridge":"b","mac_address":"fa:16:3e:00:00:02"}""",
        """{"namespace":1,"device":"d","host_device":"h","bridge":"b","mac_address":"fa:16:3e:00:00:02"}""",
        """{"namespace":"n","device":"d","host_device":"h","bridge":"b","mac_address":"fa:16"}""",
        """{"namespace":"n","device":"d","host_device":"h","bridge":"b","mac_address":"fa:16:3e:00:00:02","mtu":5000000000}""",
        """{"namespace":"n","device":"d","host_device":"h","bridge":"b","mac_address":"fa:16:3e:00:00:02","addresses":[null]}""",
        """{"namespace":"n","device":"d","host_device":"h","bridge":"b","mac_address":"fa:16:3e:00:00:02","addresses":["10.0.0.2"]}""",
        """{"namespace":"n","device":"d","host_device":"h","bridge":"b","mac_address":"fa:16:3e:00:00:02","gateways":{}}""",
        """{"namespace":"n","device":"d","host_device":"h","bridge":"b","mac_address":"fa:16:3e:00:00:02","gateways":[null]}""",
    ];

    [Fact]
    public void An_interface_is_written_as_the_model_is()
    {
        Assert.Equal(JsonSerializer.Serialize(Full, ModelJson.CreateOptions()), InterfaceJson.Write(Full));
        Assert.Equal(JsonSerializer.Serialize(Least, ModelJson.CreateOptions()), InterfaceJson.Write(Least));
    }

    [Fact]
    public void An_interface_is_read_as_it_was_written()
    {
        Assert.Equal(Full, InterfaceJson.Read(InterfaceJson.Write(Full)));
        Assert.Equal(Least, InterfaceJson.Read(InterfaceJson.Write(Least)));
    }

    [Fact]
    public void Members_that_are_missing_or_null_have_their_defaults() => Assert.Equal(
        Least,
        InterfaceJson.Read(
            """{"namespace":"n","device":"d","host_device":"h","bridge":"b","mac_address":"fa:16:3e:00:00:02","gateways":null,"port_id":null,"new":{"x":1}}"""));

    [Theory]
    [MemberData(nameof(NoInterfaces))]
    public void Text_that_is_no_interface_reads_as_none(string text) => Assert.Null(InterfaceJson.Read(text));

    [Theory]
    [InlineData(null)]
    [InlineData("s1")]
    public void A_handle_is_written_as_the_model_is_and_read_again(string? segment)
    {
        var handle = new DriverHandle(new("bridge"), new(new("n1"), segment is null ? null : new(segment)), 1, InterfaceJson.Write(Full));
        var written = InterfaceJson.Write(handle);
        Assert.Equal(JsonSerializer.Serialize(handle, ModelJson.CreateOptions()), Encoding.UTF8.GetString(written));
        Assert.Equal(handle, InterfaceJson.ReadHandle(written));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"driver_id":"bridge","server":{"network_id":"n1"},"version":1}""")]
    [InlineData("""{"driver_id":"bridge","server":{"network_id":"../n1"},"version":1,"state":""}""")]
    [InlineData("""{"driver_id":"bridge","server":{"network_id":"n1","segment_id":4},"version":1,"state":""}""")]
    [InlineData("""{"driver_id":"bridge","server":"n1","version":1,"state":""}""")]
    public void Text_that_is_no_handle_reads_as_none(string text) => Assert.Null(InterfaceJson.ReadHandle(Encoding.UTF8.GetBytes(text)));
}

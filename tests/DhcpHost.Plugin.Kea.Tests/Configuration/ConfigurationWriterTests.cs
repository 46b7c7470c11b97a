using System.Net;
using System.Text.Json.Nodes;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Plugin.Kea.Configuration;

namespace DhcpHost.Plugin.Kea.Tests.Configuration;

/// <summary>What is written for a plan, and that Kea takes it.</summary>
public sealed class ConfigurationWriterTests
{
    // Kea looks whether there is such an interface.
    private static readonly InterfaceBinding Loopback = new()
    {
        Namespace = "ns",
        Device = "lo",
        MacAddress = MacAddress.Parse("fa:16:3e:ff:ff:02"),
        Addresses = [IPInterfaceAddress.Parse("127.0.0.1/8", null), IPInterfaceAddress.Parse("::1/128", null)],
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_at_once_is_taken_by_Kea()
    {
        var port = SamplePlans.Port(
            7,
            new("bootfile-name", "pxe.0"),
            new("tag:ipxe,67", "ipxe.0"),
            new("tag:!ipxe6,234", "x"),
            new("router", ""),
            new("server-ip-address", "10.77.0.66"));
        port = port with
        {
            ClientId = "01:02:03:04",
            Duid = "00:04:aa:bb:cc",
            FixedIps = [.. port.FixedIps, new(SamplePlans.IPv6Subnet.Id, IPAddress.Parse("fd77::7"))],
            ExtraDhcpOptions = [.. port.ExtraDhcpOptions, new("tag:ipxe6,59", "tftp://x/y", 6), new("sntp-server", "fd77::9", 6)],
        };
        var v4 = SamplePlans.PooledIPv4Subnet with
        {
            DhcpOptions = [new("tag:known,26", "1400"), new("ntp-server", "0.0.0.0"), new("119", "a.example.org,b.example.org"), new("T1", "30")],
            HostRoutes = [new(IPNetwork.Parse("10.0.0.0/8"), IPAddress.Parse("10.77.0.9"))],
        };
        var v6 = SamplePlans.IPv6Subnet with { DynamicPools = [new(IPAddress.Parse("fd77::100"), IPAddress.Parse("fd77::1ff"))] };
        var plan = SamplePlans.Make("n1", Loopback, [v4, v6], port, SamplePlans.Port(8));
        plan = plan with
        {
            Options = plan.Options with
            {
                RenewalTime = TimeSpan.FromMinutes(1),
                RebindingTime = TimeSpan.FromMinutes(2),
                LeaseTime = Timeout.InfiniteTimeSpan,
            },
            Network = plan.Network with
            {
                Boot = new()
                {
                    FileName = "bios.0",
                    ServerName = "boot",
                    Rules = [new() { ClientArchitecture = 7, VendorClass = "PXEClient", UserClass = "iPXE", FileName = "uefi é\"\\ .efi" }],
                },
            },
        };

        var written = Write(plan);

        Assert.Equal("network option 58", Assert.Single(written.Refusals).Subject.Replace("subnet s4", "network", StringComparison.Ordinal));
        await AssertTakenAsync("kea-dhcp4", written.Dhcp4!);
        await AssertTakenAsync("kea-dhcp6", written.Dhcp6!);
    }

    [Fact]
    public void A_network_without_IPv6_has_no_server_for_it_and_one_without_anything_waits()
    {
        var written = Write(SamplePlans.Make("n1", Loopback));
        var empty = Write(SamplePlans.Make("n1", Loopback, []));
        var six = Write(SamplePlans.Make("n1", Loopback, [SamplePlans.IPv6Subnet]));

        Assert.True(written is { Dhcp4: not null, Dhcp6: null });
        Assert.True(empty is { Dhcp4: not null, Dhcp6: null });
        Assert.True(six is { Dhcp4: null, Dhcp6: not null });
    }

    [Fact]
    public void An_option_that_is_not_to_be_sent_is_in_no_place()
    {
        var plan = SamplePlans.Make("n1", Loopback, [SamplePlans.IPv4Subnet with { DhcpOptions = [new("dns-server", "")] }], SamplePlans.Port(7));

        var subnet = Subnet4(Write(plan).Dhcp4!);

        Assert.DoesNotContain(subnet["option-data"]!.AsArray(), option => (int)option!["code"]! == 6);
        Assert.Contains(subnet["option-data"]!.AsArray(), option => (int)option!["code"]! == 3);
    }

    [Fact]
    public void A_forwarder_with_a_port_is_refused_since_clients_cannot_be_told_it()
    {
        var plan = SamplePlans.Make("n1", Loopback, [SamplePlans.IPv4Subnet with { DnsNameservers = [] }], SamplePlans.Port(7));

        var written = Write(plan with { Options = plan.Options with { Forwarders = [DnsForwarder.Parse("192.0.2.53"), DnsForwarder.Parse("192.0.2.54#54")] } });

        Assert.Equal("site's DNS forwarder 192.0.2.54#54", Assert.Single(written.Refusals).Subject);
        var option = Assert.Single(Subnet4(written.Dhcp4!)["option-data"]!.AsArray(), option => (int)option!["code"]! == 6);
        Assert.DoesNotContain("54", option!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Pools_leave_out_what_is_not_to_be_given_and_are_merged_where_they_overlap()
    {
        var subnet = SamplePlans.IPv4Subnet with
        {
            GatewayIp = IPAddress.Parse("10.77.0.12"),
            DynamicPools =
            [
                new(IPAddress.Parse("10.77.0.10"), IPAddress.Parse("10.77.0.14")), new(IPAddress.Parse("10.77.0.13"), IPAddress.Parse("10.77.0.20")),
                new(IPAddress.Parse("10.77.0.200"), IPAddress.Parse("10.78.0.1")),
            ],
        };
        var dhcp = SamplePlans.Port(20) with { DeviceOwner = DeviceOwners.Dhcp };

        var written = Write(SamplePlans.Make("n1", Loopback, [subnet], dhcp));

        Assert.Equal(["10.77.0.10-10.77.0.11", "10.77.0.13-10.77.0.19"], Subnet4(written.Dhcp4!)["pools"]!.AsArray().Select(pool => (string)pool!["pool"]!));
        Assert.Contains("not a range", Assert.Single(written.Refusals).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("boot\"}],\"x\":[{\"")]
    [InlineData("a\nb")]
    [InlineData("'; member('ALL')")]
    [InlineData("${kea}<?include \"/etc/shadow\"?>")]
    [InlineData("/* */ // # \\u0000")]
    [InlineData("\ud800")]
    public async Task Hostile_text_is_refused_or_encoded_and_the_rest_is_served(string text)
    {
        var port = SamplePlans.Port(
            7, new(text, "x"), new("bootfile-name", text), new("234", text), new("tag:" + text + ",67", "x"), new("125", "aa:bb"), new("59", text, 6)) with
        {
            DnsName = text,
            DnsDomain = text,
            ClientId = text,
            Duid = text,
        };
        var plan = SamplePlans.Make(
            "n1",
            Loopback,
            [SamplePlans.PooledIPv4Subnet, SamplePlans.IPv6Subnet],
            port,
            SamplePlans.Port(8),
            SamplePlans.Port(9) with { MacAddress = SamplePlans.Mac(8) });
        plan = plan with
        {
            Network = plan.Network with
            {
                DnsDomain = text,
                Boot = new() { FileName = text, ServerName = text, Rules = [new() { UserClass = text, VendorClass = text, FileName = text }] },
            },
        };

        var written = Write(plan);

        Assert.NotEmpty(written.Refusals);
        await AssertTakenAsync("kea-dhcp4", written.Dhcp4!);
        await AssertTakenAsync("kea-dhcp6", written.Dhcp6!);
        var subnet = Subnet4(written.Dhcp4!);
        Assert.Contains(subnet["reservations"]!.AsArray(), reservation => (string?)reservation!["ip-address"] == "10.77.0.8");
        Assert.Equal(["Dhcp4"], JsonNode.Parse(written.Dhcp4!)!.AsObject().Select(member => member.Key));
    }

    [Theory]
    [InlineData("aa:bb:cc")]
    [InlineData("61:62:63:64")]
    [InlineData("192.0.2.1")]
    [InlineData("7")]
    public async Task Options_of_every_number_are_refused_or_fit_for_Kea(string value)
    {
        var v4 = SamplePlans.IPv4Subnet with
        {
            DhcpOptions = Enumerable.Range(1, 254).Select(code => new ExtraDhcpOption($"{code}", value)).ToEquatableArray(),
        };
        var v6 = SamplePlans.IPv6Subnet with
        {
            DhcpOptions = Enumerable.Range(1, 150).Select(code => new ExtraDhcpOption($"{code}", value, 6)).ToEquatableArray(),
        };

        var written = Write(SamplePlans.Make("n1", Loopback, [v4, v6]));

        await AssertTakenAsync("kea-dhcp4", written.Dhcp4!);
        await AssertTakenAsync("kea-dhcp6", written.Dhcp6!);
    }

    private static async Task AssertTakenAsync(string program, string configuration)
    {
        var fault = await KeaCheck.FindFaultAsync(program, configuration, Stop);
        Assert.True(fault is null, fault);
    }

    private static KeaConfiguration Write(DhcpPlan plan) =>
        new ConfigurationWriter(plan, new(), new("/tmp", "/tmp/run"), "/usr/lib/x86_64-linux-gnu/kea/hooks/libdhcp_lease_cmds.so").Write();

    private static JsonNode Subnet4(string text) => JsonNode.Parse(text)!["Dhcp4"]!["shared-networks"]![0]!["subnet4"]![0]!;
}

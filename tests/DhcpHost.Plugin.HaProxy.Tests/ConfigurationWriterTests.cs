using System.Text.Json.Nodes;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Plugin.HaProxy.Configuration;

namespace DhcpHost.Plugin.HaProxy.Tests;

/// <summary>The text, held against what Neutron's own driver writes (2131d26f73).</summary>
public sealed class ConfigurationWriterTests
{
    private static readonly ProxyPaths Paths = ProxyPaths.Of("/var/lib/neutron", new(new("n1")));

    private static readonly MetadataPlan Plan = new()
    {
        Server = new(new("n1")),
        Network = new() { Id = new("n1") },
        Interface = new() { Namespace = "qdhcp-n1", Device = "tap0", MacAddress = SamplePlans.Mac(1) },
    };

    public static TheoryData<string> Names => [.. Vectors().Select(vector => vector["name"]!.GetValue<string>())];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_Neutrons_to_the_byte(string name)
    {
        var vector = Vectors().Single(vector => vector["name"]!.GetValue<string>() == name);
        var options = new HaProxyOptions
        {
            RateLimitEnabled = vector["rate"]!.GetValue<bool>(),
            IpVersions = [vector["ip_version"]!.GetValue<int>()],
            BaseWindowDuration = TimeSpan.FromSeconds(20),
            BaseQueryRateLimit = 11,
            BurstWindowDuration = TimeSpan.FromSeconds(5),
            BurstQueryRateLimit = 7,
        };

        var text = new ConfigurationWriter(options, new("root", "root")).Write(
            Plan with { RouterId = vector["router"]!.GetValue<bool>() ? "r1" : null }, Paths, vector["ipv6"]!.GetValue<bool>());

        Assert.Equal(vector["text"]!.GetValue<string>().Replace("PIDFILE", Paths.Pid, StringComparison.Ordinal), text);
    }

    [Theory]
    [InlineData("tap0 ssl")]
    [InlineData("tap0\nuser root")]
    [InlineData("tap0#")]
    [InlineData("")]
    public void A_name_that_is_more_than_a_word_is_refused(string device)
    {
        var writer = new ConfigurationWriter(new(), new("root", "root"));

        var failure = Assert.Throws<DhcpHostException>(
            () => writer.Write(Plan with { Interface = Plan.Interface with { Device = device } }, Paths, hasIPv6: true));
        Assert.Equal(FailureKind.Invalid, failure.Kind);
        Assert.Equal(FailureKind.Invalid, Assert.Throws<DhcpHostException>(() => writer.Write(Plan with { RouterId = device }, Paths, hasIPv6: true)).Kind);
    }

    [Fact]
    public void A_hard_limit_on_open_files_lowers_the_number_of_connections()
    {
        var text = new ConfigurationWriter(new(), new("root", "root")).Write(Plan with { Limits = new() { OpenFiles = 1024 } }, Paths, hasIPv6: false);

        Assert.Contains("\n    maxconn     480\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/var/lib/neutron/ns-metadata-proxy/n1.conf", "n1", null)]
    [InlineData("/var/lib/neutron/ns-metadata-proxy/s1/n1.conf", "n1", "s1")]
    [InlineData("/var/lib/neutron/ns-metadata-proxy/n1.cfg", null, null)]
    [InlineData("/var/lib/other/ns-metadata-proxy/n1.conf", null, null)]
    public void A_proxy_is_known_by_its_files_name(string path, string? network, string? segment)
    {
        var key = ProxyPaths.FindKey("/var/lib/neutron", path);

        Assert.Equal((network, segment), (key?.NetworkId.Value, key?.SegmentId?.Value));
    }

    private static List<JsonNode> Vectors() =>
        [.. JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "neutron-vectors.json")))!.AsArray().Select(node => node!)];
}

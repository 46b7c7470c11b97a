using System.Text.Json;
using System.Text.Json.Nodes;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Neutron;

namespace DhcpHost.Plugin.Dnsmasq.Tests.Configuration;

/// <summary>A network as Neutron sends it, an agent's settings, and what Neutron's own driver wrote for them.</summary>
public sealed class NeutronVector
{
    private static readonly MacAddress AnyMac = MacAddress.Parse("fa:16:3e:00:00:01");

    private readonly JsonObject _json;

    private NeutronVector(JsonObject json) => _json = json;

    public JsonObject Expected => _json["expected"]!.AsObject();

    public static IReadOnlyList<NeutronVector> LoadAll() =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Configuration", "neutron-vectors.jsonl"))
            .Select(line => new NeutronVector(JsonNode.Parse(line)!.AsObject()))];

    public string ExpectedText(string file) => Expected[file]!.GetValue<string>();

    public DnsmasqOptions MakeOptions() => new() { EnableAddr6List = Conf("dnsmasq_enable_addr6_list")?.GetValue<bool>() ?? false };

    public DhcpPlan MakePlan()
    {
        var mapped = NeutronMapping.ReadNetwork(JsonSerializer.SerializeToElement(_json["network"]));
        Assert.Empty(mapped.Refusals);
        var network = mapped.Value;
        var lease = Conf("dhcp_lease_duration")?.GetValue<int>() ?? 86400;
        return new()
        {
            Server = new(network.Id),
            Network = network,
            Interface = new()
            {
                Namespace = "qdhcp-" + network.Id,
                Device = "tap0",
                MacAddress = AnyMac,
                Addresses = Items(_json, "interface_ips").Select(ip => IPInterfaceAddress.Parse(ip!.GetValue<string>(), null)).ToEquatableArray(),
            },
            Options = new()
            {
                LeaseTime = lease == -1 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(lease),
                RenewalTime = Seconds("dhcp_renewal_time"),
                RebindingTime = Seconds("dhcp_rebinding_time"),
                DnsDomain = Conf("dns_domain")?.GetValue<string>() ?? "openstacklocal",
                Forwarders = Items(_json["conf"]!.AsObject(), "dnsmasq_dns_servers")
                    .Select(server => DnsForwarder.Parse(server!.GetValue<string>()))
                    .ToEquatableArray(),
                UseHostResolver = Conf("dnsmasq_local_resolv")?.GetValue<bool>() ?? false,
                BroadcastReplies = Conf("dhcp_broadcast_reply")?.GetValue<bool>() ?? false,
                MaxLeases = Conf("dnsmasq_lease_max")?.GetValue<int>() ?? 1 << 24,
            },
            Metadata = Conf("force_metadata")?.GetValue<bool>() == true ? MetadataMode.Forced
                : Conf("enable_isolated_metadata")?.GetValue<bool>() == true ? MetadataMode.Isolated
                : MetadataMode.Off,
        };
    }

    private JsonNode? Conf(string name) => _json["conf"]![name];

    private TimeSpan? Seconds(string name) => Conf(name) is { } value ? TimeSpan.FromSeconds(value.GetValue<int>()) : null;

    private static JsonArray Items(JsonNode json, string name) => json[name]?.AsArray() ?? [];
}

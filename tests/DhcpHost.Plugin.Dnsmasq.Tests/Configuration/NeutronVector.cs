using System.Net;
using System.Text.Json.Nodes;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

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
        var network = _json["network"]!.AsObject();
        var id = new NetworkId(Text(network, "id")!);
        var lease = Conf("dhcp_lease_duration")?.GetValue<int>() ?? 86400;
        return new()
        {
            Server = new(id),
            Network = new()
            {
                Id = id,
                Name = Text(network, "name")!,
                Mtu = network["mtu"]!.GetValue<int>(),
                Subnets = Items(network, "subnets").Select(MakeSubnet).ToEquatableArray(),
                NonLocalSubnets = Items(network, "non_local_subnets").Select(MakeSubnet).ToEquatableArray(),
                Ports = Items(network, "ports").Select(MakePort).ToEquatableArray(),
            },
            Interface = new()
            {
                Namespace = "qdhcp-" + id,
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
                DnsForwarders = Items(_json["conf"]!.AsObject(), "dnsmasq_dns_servers").Select(ip => IPAddress.Parse(ip!.GetValue<string>())).ToEquatableArray(),
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

    private static Subnet MakeSubnet(JsonNode? json)
    {
        var subnet = json!.AsObject();
        return new()
        {
            Id = new(Text(subnet, "id")!),
            Cidr = IPNetwork.Parse(Text(subnet, "cidr")!),
            GatewayIp = Text(subnet, "gateway_ip") is { } gateway ? IPAddress.Parse(gateway) : null,
            EnableDhcp = subnet["enable_dhcp"]!.GetValue<bool>(),
            DnsNameservers = Items(subnet, "dns_nameservers").Select(ip => IPAddress.Parse(ip!.GetValue<string>())).ToEquatableArray(),
            HostRoutes = Items(subnet, "host_routes")
                .Select(route => new HostRoute(IPNetwork.Parse(Text(route!, "destination")!), IPAddress.Parse(Text(route!, "nexthop")!))).ToEquatableArray(),
            IPv6AddressMode = Mode(Text(subnet, "ipv6_address_mode")),
            IPv6RaMode = Mode(Text(subnet, "ipv6_ra_mode")),
            SegmentId = Text(subnet, "segment_id") is { } segment ? new SegmentId(segment) : null,
        };
    }

    private static Port MakePort(JsonNode? json)
    {
        var port = json!.AsObject();
        return new()
        {
            Id = new(Text(port, "id")!),
            MacAddress = MacAddress.Parse(Text(port, "mac_address")!),
            DeviceOwner = Text(port, "device_owner")!,
            DeviceId = Text(port, "device_id")!,
            FixedIps = Items(port, "fixed_ips").Select(ip => new FixedIp(new(Text(ip!, "subnet_id")!), IPAddress.Parse(Text(ip!, "ip_address")!))).ToEquatableArray(),
            DnsAssignments = Items(port, "dns_assignment")
                .Select(name => new DnsAssignment(Text(name!, "hostname")!, Text(name!, "fqdn")!, IPAddress.Parse(Text(name!, "ip_address")!))).ToEquatableArray(),
            ExtraDhcpOptions = Items(port, "extra_dhcp_opts")
                .Select(option => new ExtraDhcpOption(Text(option!, "opt_name")!, Text(option!, "opt_value"), option!["ip_version"]!.GetValue<int>())).ToEquatableArray(),
        };
    }

    private static IPv6Mode Mode(string? text) => text switch
    {
        null => IPv6Mode.None,
        "slaac" => IPv6Mode.Slaac,
        "dhcpv6-stateful" => IPv6Mode.Dhcpv6Stateful,
        "dhcpv6-stateless" => IPv6Mode.Dhcpv6Stateless,
        _ => throw new FormatException(text),
    };

    private static JsonArray Items(JsonNode json, string name) => json[name]?.AsArray() ?? [];

    private static string? Text(JsonNode json, string name) => json[name]?.GetValue<string>();
}

using System.Text.Json.Nodes;
using DhcpHost.Plugin.Neutron.HostPorts;

namespace DhcpHost.Plugin.Neutron.Tests.Fakes;

/// <summary>Neutron's dicts.</summary>
internal static class Make
{
    public const string Network = "11111111-0000-4000-8000-000000000001";
    public const string Other = "11111111-0000-4000-8000-000000000002";
    public const string Subnet = "22222222-0000-4000-8000-000000000001";

    public static string OwnDevice(string network = Network) => DhcpDeviceId.Of("labhost", new(network));

    public static string PortId(int number) => $"33333333-0000-4000-8000-{number:d12}";

    public static JsonObject NetworkOf(string id, params JsonObject[] ports) => new()
    {
        ["id"] = id,
        ["project_id"] = "project",
        ["admin_state_up"] = true,
        ["mtu"] = 1450,
        ["subnets"] = new JsonArray(SubnetOf(id)),
        ["non_local_subnets"] = new JsonArray(),
        ["ports"] = new JsonArray([.. ports]),
    };

    public static JsonObject SubnetOf(string network, string id = Subnet, string cidr = "10.0.0.0/16") => new()
    {
        ["id"] = id,
        ["network_id"] = network,
        ["cidr"] = cidr,
        ["ip_version"] = 4,
        ["gateway_ip"] = null,
        ["enable_dhcp"] = true,
        ["dns_nameservers"] = new JsonArray(),
        ["host_routes"] = new JsonArray(),
        ["revision_number"] = 0,
    };

    public static JsonObject PortOf(
        int number, string network = Network, int revision = 1, string? address = null, string owner = "compute:nova", string? device = null) => new()
        {
            ["id"] = PortId(number),
            ["network_id"] = network,
            ["mac_address"] = $"fa:16:3e:00:{number >> 8 & 255:x2}:{number & 255:x2}",
            ["admin_state_up"] = true,
            ["status"] = "DOWN",
            ["device_owner"] = owner,
            ["device_id"] = device ?? $"vm-{number}",
            ["fixed_ips"] = new JsonArray(new JsonObject { ["subnet_id"] = Subnet, ["ip_address"] = address ?? $"10.0.{number >> 8 & 255}.{number & 255}" }),
            ["binding:host_id"] = "labhost",
            ["revision_number"] = revision,
        };

    public static JsonObject OwnPort(int number = 200, string network = Network) => PortOf(number, network, owner: "network:dhcp", device: OwnDevice(network));

    public static JsonObject Payload(JsonObject port, int? priority = 6) => new() { ["port"] = port.DeepClone(), ["priority"] = priority };
}

using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Neutron.Tests;

public sealed class NeutronMappingTests
{
    private const string PortId = "d391d115-7104-44f2-8545-2ad864f0272e";
    private const string SubnetId = "9d8be106-c5e1-4d5f-a9ae-3da0c797c5d3";

    /// <summary>As a server answers <c>get_network_info</c>, with a segment and a subnet on another one besides.</summary>
    private const string Answer = """
        {"id": "745dc54d-ef11-40c8-861e-4c5b2c44fe34", "project_id": "demo", "tenant_id": "demo", "admin_state_up": true, "mtu": 1450,
         "subnets": [{"id": "9d8be106-c5e1-4d5f-a9ae-3da0c797c5d3", "name": "first", "network_id": "745dc54d-ef11-40c8-861e-4c5b2c44fe34",
           "ip_version": 4, "subnetpool_id": null, "enable_dhcp": true, "ipv6_ra_mode": null, "ipv6_address_mode": null, "gateway_ip": "10.99.0.1",
           "cidr": "10.99.0.0/24", "allocation_pools": [{"start": "10.99.0.2", "end": "10.99.0.254"}],
           "host_routes": [{"destination": "203.0.113.0/24", "nexthop": "10.99.0.3"}], "dns_nameservers": ["9.9.9.9", "1.1.1.1"], "service_types": [],
           "tags": [], "segment_id": "b5c91e55-7dd1-4c86-9f5c-d1bb0d2bd4ea", "revision_number": 3}],
         "non_local_subnets": [{"id": "aef68854-a135-4e94-94c6-61210b6ca458", "ip_version": 6, "enable_dhcp": false, "ipv6_ra_mode": "slaac",
           "ipv6_address_mode": "dhcpv6-stateless", "gateway_ip": null, "cidr": "fd00:99::/64"}],
         "ports": [{"id": "d391d115-7104-44f2-8545-2ad864f0272e", "name": "web", "network_id": "745dc54d-ef11-40c8-861e-4c5b2c44fe34",
           "mac_address": "FA:16:3E:ED:62:E7", "admin_state_up": true, "status": "DOWN", "device_id": "vm1", "device_owner": "compute:nova",
           "fixed_ips": [{"subnet_id": "9d8be106-c5e1-4d5f-a9ae-3da0c797c5d3", "ip_address": "10.99.0.2"}], "allowed_address_pairs": [],
           "extra_dhcp_opts": [{"opt_name": "bootfile-name", "opt_value": "pxelinux.0", "ip_version": 4}], "binding:profile": {},
           "dns_assignment": [{"hostname": "web", "fqdn": "web.example.org.", "ip_address": "10.99.0.2"}], "dns_name": "web",
           "binding:host_id": "node-7", "binding:vif_details": {"port_filter": true}, "revision_number": 4}],
         "segments": [{"id": "b5c91e55-7dd1-4c86-9f5c-d1bb0d2bd4ea", "network_type": "vlan", "physical_network": "physnet1", "segmentation_id": 2016}],
         "provider:network_type": "vlan", "provider:physical_network": "physnet1", "provider:segmentation_id": 2016, "revision_number": 7}
        """;

    [Fact]
    public void A_network_is_read_with_all_that_the_model_has_of_it()
    {
        var (network, refusals) = NeutronMapping.ReadNetwork(Parse(Answer));

        Assert.Empty(refusals);
        Assert.Equal(
            new Network
            {
                Id = new("745dc54d-ef11-40c8-861e-4c5b2c44fe34"),
                ProjectId = "demo",
                Mtu = 1450,
                Subnets =
                [
                    new()
                    {
                        Id = new(SubnetId),
                        Name = "first",
                        Cidr = IPNetwork.Parse("10.99.0.0/24"),
                        GatewayIp = IPAddress.Parse("10.99.0.1"),
                        AllocationPools = [new(IPAddress.Parse("10.99.0.2"), IPAddress.Parse("10.99.0.254"))],
                        HostRoutes = [new(IPNetwork.Parse("203.0.113.0/24"), IPAddress.Parse("10.99.0.3"))],
                        DnsNameservers = [IPAddress.Parse("9.9.9.9"), IPAddress.Parse("1.1.1.1")],
                        SegmentId = new SegmentId("b5c91e55-7dd1-4c86-9f5c-d1bb0d2bd4ea"),
                        RevisionNumber = 3,
                    },
                ],
                NonLocalSubnets =
                [
                    new()
                    {
                        Id = new("aef68854-a135-4e94-94c6-61210b6ca458"),
                        Cidr = IPNetwork.Parse("fd00:99::/64"),
                        EnableDhcp = false,
                        IPv6RaMode = IPv6Mode.Slaac,
                        IPv6AddressMode = IPv6Mode.Dhcpv6Stateless,
                    },
                ],
                Ports =
                [
                    new()
                    {
                        Id = new(PortId),
                        Name = "web",
                        MacAddress = MacAddress.Parse("fa:16:3e:ed:62:e7"),
                        Status = "DOWN",
                        DeviceId = "vm1",
                        DeviceOwner = "compute:nova",
                        FixedIps = [new(new(SubnetId), IPAddress.Parse("10.99.0.2"))],
                        ExtraDhcpOptions = [new("bootfile-name", "pxelinux.0")],
                        DnsAssignments = [new("web", "web.example.org.", IPAddress.Parse("10.99.0.2"))],
                        HostId = "node-7",
                        RevisionNumber = 4,
                    },
                ],
                Segments = [
                    new() { Id = new("b5c91e55-7dd1-4c86-9f5c-d1bb0d2bd4ea"), NetworkType = "vlan", PhysicalNetwork = "physnet1", SegmentationId = 2016 }],
                Attachment = new() { NetworkType = "vlan", PhysicalNetwork = "physnet1", SegmentationId = 2016 },
                RevisionNumber = 7,
            },
            network);
    }

    [Fact]
    public void A_port_alone_is_read_as_within_its_network()
    {
        var json = JsonNode.Parse(Answer)!["ports"]![0]!;

        Assert.Equal(NeutronMapping.ReadNetwork(Parse(Answer)).Value.Ports[0], NeutronMapping.ReadPort(Element(json)).Value);
        Assert.Equal(new("745dc54d-ef11-40c8-861e-4c5b2c44fe34"), NeutronMapping.ReadNetworkId(Element(json)));
    }

    [Fact]
    public void A_subnet_alone_is_read_as_within_its_network() =>
        Assert.Equal(
            NeutronMapping.ReadNetwork(Parse(Answer)).Value.Subnets[0],
            NeutronMapping.ReadSubnet(Element(JsonNode.Parse(Answer)!["subnets"]![0]!)).Value);

    [Fact]
    public void A_network_of_an_id_alone_is_one_without_subnets_and_ports()
    {
        var (network, refusals) = NeutronMapping.ReadNetwork(Parse("""{"id": "n1", "subnets": null, "ports": [], "a key of the future": {"x": [1]}}"""));

        Assert.Equal(new Network { Id = new("n1") }, network);
        Assert.Empty(refusals);
    }

    [Theory]
    [InlineData("ports[0].mac_address", "\"fa:16:3e\"", "'fa:16:3e' is not a MAC address (of d391d115-7104-44f2-8545-2ad864f0272e)")]
    [InlineData("ports[0].mac_address", "null", "it is missing (of d391d115-7104-44f2-8545-2ad864f0272e)")]
    [InlineData("ports[0].id", "\"../x\"", "'../x' is not a port id")]
    [InlineData("ports[0].device_owner", "[]", "a string is expected here, not a list (of d391d115-7104-44f2-8545-2ad864f0272e)")]
    [InlineData("ports[0].extra_dhcp_opts", "\"x\"", "a list is expected here, not a string (of d391d115-7104-44f2-8545-2ad864f0272e)")]
    [InlineData("ports[0]", "17", "an object is expected here, not '17'")]
    [InlineData("ports[0].name", "\"\\ud800\"", "it is not text: a part of a surrogate pair is missing (of d391d115-7104-44f2-8545-2ad864f0272e)")]
    public void A_bad_port_is_refused_by_its_path_and_the_rest_of_the_network_stays(string path, string value, string reason)
    {
        var json = JsonNode.Parse(Answer)!;
        json["ports"]!.AsArray().Add(JsonNode.Parse("""{"id": "p2", "mac_address": "fa:16:3e:00:00:02"}"""));

        var (network, refusals) = NeutronMapping.ReadNetwork(Parse(Set(json, path, value)));

        Assert.Equal([new Refusal(path, reason)], refusals);
        Assert.Equal(["p2"], network.Ports.Select(port => port.Id.Value));
        Assert.Single(network.Subnets);
    }

    [Theory]
    [InlineData("ports[0].fixed_ips[0].ip_address", "\"10.99\"", "'10.99' is not an IP address")]
    [InlineData("ports[0].fixed_ips[0].ip_address", "\"fe80::1%eth0\"", "'fe80::1%eth0' is not an IP address")]
    [InlineData("ports[0].fixed_ips[0].subnet_id", "7", "a string is expected here, not '7'")]
    [InlineData("ports[0].extra_dhcp_opts[0].opt_name", "true", "a string is expected here, not 'true'")]
    [InlineData("ports[0].extra_dhcp_opts[0].ip_version", "5", "5 is neither 4 nor 6")]
    [InlineData("ports[0].dns_assignment[0].fqdn", "null", "it is missing")]
    [InlineData("subnets[0].dns_nameservers[1]", "\"1.1.1.1\\nserver=6.6.6.6\"", "'1.1.1.1\\u000aserver=6.6.6.6' is not an IP address")]
    [InlineData(
        "subnets[0].host_routes[0].destination",
        "\"203.0.113.1/24\"",
        "'203.0.113.1/24' is not a prefix, as 192.0.2.0/24 or 2001:db8::/64, without bits beyond its length")]
    [InlineData("subnets[0].allocation_pools[0].end", "\"::1\"", "::1 is not of the subnet's family")]
    public void A_bad_item_of_a_list_is_refused_and_its_owner_stays(string path, string value, string reason)
    {
        var (network, refusals) = NeutronMapping.ReadNetwork(Parse(Set(JsonNode.Parse(Answer)!, path, value)));

        var refusal = Assert.Single(refusals);
        Assert.Equal(path, refusal.Subject);
        Assert.StartsWith(reason + " (of ", refusal.Reason, StringComparison.Ordinal);
        Assert.Single(network.Ports);
        Assert.Single(network.Subnets);
    }

    [Theory]
    [InlineData("subnets[0].cidr", "\"10.99.0.0\"")]
    [InlineData("subnets[0].cidr", "\"10.99.0.0/255.255.255.0\"")]
    [InlineData("subnets[0].cidr", "\"010.99.0.0/24\"")]
    [InlineData("subnets[0].ip_version", "6")]
    [InlineData("subnets[0].enable_dhcp", "\"yes\"")]
    [InlineData("subnets[0].gateway_ip", "\"fd00::1\"")]
    [InlineData("subnets[0].ipv6_ra_mode", "\"sometimes\"")]
    public void A_bad_subnet_is_refused_and_the_rest_of_the_network_stays(string path, string value)
    {
        var (network, refusals) = NeutronMapping.ReadNetwork(Parse(Set(JsonNode.Parse(Answer)!, path, value)));

        Assert.Equal(path, Assert.Single(refusals).Subject);
        Assert.Empty(network.Subnets);
        Assert.Single(network.Ports);
    }

    [Theory]
    [InlineData("[]", "an object is expected here, not a list")]
    [InlineData("{}", "id: it is missing")]
    [InlineData("""{"id": 5}""", "id: a string is expected here, not '5'")]
    [InlineData("""{"id": "n", "mtu": -1}""", "mtu: '-1' is not a number from 0 to 2147483647")]
    [InlineData("""{"id": "n", "mtu": 1e99}""", "mtu: '1e99' is not a number from 0 to 2147483647")]
    [InlineData("""{"id": "n", "subnets": {}}""", "subnets: a list is expected here, not an object")]
    public void A_network_whose_own_values_are_bad_is_no_network(string json, string message)
    {
        var error = Assert.Throws<NeutronFormatException>(() => NeutronMapping.ReadNetwork(Parse(json)));

        Assert.Equal(message, error.Message);
        Assert.Equal(FailureKind.Invalid, error.Kind);
    }

    [Fact]
    public void Whatever_stands_in_the_place_of_a_value_ends_in_a_network_or_in_a_typed_error()
    {
        var paths = Paths(JsonNode.Parse(Answer)!, "").ToList();
        string[] values = [
            "null",
            "1",
            "-1",
            "1.5",
            "1e400",
            "true",
            "\"\"",
            "\"x\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"1.2.3.4\"",
            "\"::\"",
            "[]",
            "[null]",
            "[[]]",
            "{}",
            "{\"id\":{}}"];

        Gen.Select(
            Gen.Int[0, paths.Count - 1], Gen.Int[0, values.Length - 1], Gen.Int[0, paths.Count - 1], Gen.Int[0, values.Length - 1]).Sample((i, v, j, w) =>
        {
            var text = Set(JsonNode.Parse(Answer)!, paths[i], values[v]);
            try
            {
                text = Set(JsonNode.Parse(text)!, paths[j], values[w]);
            }
            catch (Exception e) when (e is InvalidOperationException or ArgumentOutOfRangeException or NullReferenceException)
            {
                // The second place went with the first.
            }

            try
            {
                _ = NeutronMapping.ReadNetwork(Parse(text));
            }
            catch (NeutronFormatException e)
            {
                Assert.NotEmpty(e.Reason);
            }
        });
    }

    private static IEnumerable<string> Paths(JsonNode node, string path) => node switch
    {
        JsonObject json => json.Where(pair => pair.Value is not null)
            .SelectMany(
                pair => Paths(pair.Value!, path.Length == 0 ? pair.Key : $"{path}.{pair.Key}").Prepend(path.Length == 0 ? pair.Key : $"{path}.{pair.Key}")),
        JsonArray list => list.SelectMany((item, index) => Paths(item!, $"{path}[{index}]").Prepend($"{path}[{index}]")),
        _ => [],
    };

    /// <summary>The document as text, with the value at a path replaced by another.</summary>
    private static string Set(JsonNode document, string path, string value)
    {
        var node = document;
        var steps = path.Replace("]", "", StringComparison.Ordinal).Split('.', '[');
        foreach (var step in steps[..^1])
        {
            node = int.TryParse(step, out var index) ? node[index]! : node[step]!;
        }

        const string place = "the place of the value";
        if (int.TryParse(steps[^1], out var last))
        {
            node[last] = place;
        }
        else
        {
            node[steps[^1]] = place;
        }

        return document.ToJsonString().Replace($"\"{place}\"", value, StringComparison.Ordinal);
    }

    private static JsonElement Element(JsonNode node) => Parse(node.ToJsonString());

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}

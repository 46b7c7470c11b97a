using System.Net;
using System.Text;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Plugin.Files.Mapping;
using DhcpHost.Plugin.Files.Scanning;
using DhcpHost.Testing;

namespace DhcpHost.Plugin.Files.Tests;

public sealed class NetworkFileReaderTests
{
    private const string Head = "[[subnets]]\ncidr = \"10.0.0.0/24\"\ngateway = \"10.0.0.1\"\n";

    [Fact]
    public void Every_key_reaches_the_model()
    {
        var (network, _, _) = Loaded(Samples.Whole);

        Assert.Equal((new("lab"), "The lab", 1450, "lab.example.org"), (network.Id, network.Name, network.Mtu, network.DnsDomain));
        Assert.Equal(("br-lab", MetadataMode.Off), (network.Attachment.Bridge, network.Metadata));
        Assert.Equal((new DriverId("dnsmasq"), new DriverId("bridge")), (network.DhcpDriver!.Value, network.InterfaceDriver!.Value));
        Assert.Equal("7", network.Labels["rack/row"]);
        Assert.Equal(
            [new("ntp-server", "10.0.0.1,10.0.0.2"), new("150", "10.0.0.9"), new("26", "1450"), new ExtraDhcpOption("31", "2001:db8::123", 6)],
            network.DhcpOptions);
        Assert.Equal(
            (IPAddress.Parse("10.0.0.5"), "boot.example.org", "pxelinux.0"), (network.Boot!.NextServer, network.Boot.ServerName, network.Boot.FileName));
        Assert.Equal([7, null], network.Boot.Rules.Select(rule => rule.ClientArchitecture));

        Assert.Equal(
            new Subnet
            {
                Id = new("v4"),
                Name = "first",
                Cidr = IPNetwork.Parse("10.0.0.0/24"),
                GatewayIp = IPAddress.Parse("10.0.0.1"),
                DnsNameservers = [IPAddress.Parse("10.0.0.3"), IPAddress.Parse("9.9.9.9")],
                HostRoutes = [new(IPNetwork.Parse("10.9.0.0/16"), IPAddress.Parse("10.0.0.254"))],
                DynamicPools = [
                    new(IPAddress.Parse("10.0.0.100"), IPAddress.Parse("10.0.0.149")), new(IPAddress.Parse("10.0.0.200"), IPAddress.Parse("10.0.0.219"))],
                LeaseTime = Timeout.InfiniteTimeSpan,
                DhcpOptions = [new("42", "10.0.0.4")],
            },
            network.Subnets[0]);
        Assert.Equal((new SubnetId("v6-2001-db8--_64"), IPv6Mode.Dhcpv6Stateful, false, TimeSpan.FromHours(12)),
            (network.Subnets[1].Id, network.Subnets[1].IPv6AddressMode, network.Subnets[1].SendRouterAdvertisements, network.Subnets[1].LeaseTime!.Value));

        var first = network.Ports[0];
        Assert.Equal(new PortId("fa-16-3e-00-00-01"), first.Id);
        Assert.Equal(("01:fa:16:3e:00:00:01", "00:01:00:01:2a:bb:cc:dd:fa:16:3e:00:00:01", "one"), (first.ClientId, first.Duid, first.DnsName));
        Assert.Equal(
            [new(new("v4"), IPAddress.Parse("10.0.0.10")), new FixedIp(new("v6-2001-db8--_64"), IPAddress.Parse("2001:db8::10"))],
            first.FixedIps);
        Assert.Equal([new("bootfile-name", "special.0"), new ExtraDhcpOption("59", "http://10.0.0.5/x", 6)], first.ExtraDhcpOptions);
        Assert.Equal((new PortId("second"), "printer", false), (network.Ports[1].Id, network.Ports[1].ClientId, network.Ports[1].AdminStateUp));
    }

    [Fact]
    public void A_subnet_without_a_gateway_gets_router_advertisements_from_the_server()
    {
        var (network, _, _) = Loaded(
            "[[subnets]]\ncidr = \"2001:db8::/64\"\nipv6_mode = \"slaac\"\n[[subnets]]\ncidr = \"2001:db8:1::/64\"\ngateway = \"fe80::1\"\n");

        Assert.Equal(
            [(IPv6Mode.Slaac, true), (IPv6Mode.Dhcpv6Stateful, false)], network.Subnets.Select(subnet => (subnet.IPv6RaMode, subnet.SendRouterAdvertisements)));
    }

    [Fact]
    public void The_id_is_the_files_name_unless_the_file_gives_one()
    {
        Assert.Equal(new NetworkId("lab-1"), Read(Head, "networks/lab-1.toml").Network!.Network.Id);
        Assert.Equal(new NetworkId("x"), Read("id = \"x\"\n" + Head, "networks/lab 1.toml").Network!.Network.Id);
        Assert.StartsWith(
            "networks/lab 1.toml:1:1: the file's name 'lab 1' is no id",
            Assert.Single(Read(Head, "networks/lab 1.toml").Errors).ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_host_has_the_same_port_at_every_reading()
    {
        var (first, port, _) = Loaded(Samples.Whole);
        var (second, samePort, _) = Loaded(Samples.Whole);

        Assert.Equal(first, second);
        Assert.Equal(port, samePort);
        Assert.Equal(DeviceOwners.Dhcp, port.DeviceOwner);
        Assert.False(port.MacAddress!.Value.IsMulticast);
        Assert.Contains("2367abef".Where(c => "26ae".Contains(c, StringComparison.Ordinal)), digit => port.MacAddress.Value.ToString()[1] == digit);
        Assert.Equal(["10.0.0.2", "2001:db8::1"], first.Ports[^1].FixedIps.Select(ip => ip.Address.ToString()));
        Assert.NotEqual(port.MacAddress, Loaded(Samples.Whole.Replace("\"lab\"", "\"lab2\"", StringComparison.Ordinal)).HostPort.MacAddress);
    }

    [Theory]
    [InlineData("10.0.0.0/29", "pools = [{ start = \"10.0.0.1\", end = \"10.0.0.3\" }]", "10.0.0.4", "10.0.0.5")]
    [InlineData("10.0.0.0/29", "dns_servers = [\"10.0.0.1\"]\ngateway = \"10.0.0.2\"", "10.0.0.3", "10.0.0.4")]
    [InlineData("10.0.0.0/30", "gateway = \"10.0.0.2\"", "10.0.0.1", null)]
    [InlineData("10.0.0.0/31", "", "10.0.0.0", "10.0.0.1")]
    [InlineData("10.0.0.0/8", "pools = [{ start = \"10.0.0.1\", end = \"10.255.0.0\" }]", "10.255.0.1", "10.255.0.2")]
    [InlineData("2001:db8::/64", "", "2001:db8::1", "2001:db8::2")]
    public void The_server_takes_the_first_address_that_nothing_else_uses(string cidr, string keys, string reserved, string? expected)
    {
        var (network, _, addresses) = Loaded(
            $"[[subnets]]\nid = \"s\"\ncidr = \"{cidr}\"\n{keys}\n[[reservations]]\nmac = \"fa:16:3e:00:00:01\"\naddresses = [\"{reserved}\"]\n");

        Assert.Equal(expected, addresses.GetValueOrDefault(new("s"))?.ToString());
        Assert.Equal(expected is null ? [] : [expected], network.Ports[^1].FixedIps.Select(ip => ip.Address.ToString()));
    }

    [Theory]
    [InlineData("name = \"a\\nb\"", "4:8: name: may not have control characters")]
    [InlineData("name = \"a,b\"", "4:8: name: may not have control characters")]
    [InlineData("name = \"a#b\"", "4:8: name: may not have control characters")]
    [InlineData("bridge = \"br 0\"", "4:10: bridge: must be the name of a Linux bridge")]
    [InlineData("bridge = \"-br0\"", "4:10: bridge: must be the name of a Linux bridge")]
    [InlineData("bridge = \"a-very-long-bridge\"", "4:10: bridge: must be the name of a Linux bridge")]
    [InlineData("dns_domain = \"a..b\"", "4:14: dns_domain: must be a domain")]
    [InlineData("dns_domain = \"a,b\"", "4:14: dns_domain: must be a domain")]
    [InlineData("mtu = 100", "4:7: mtu: must be between 576 and 65535, is 100")]
    [InlineData("lease_time = \"1m\"", "4:14: lease_time: must be between \"2m\" and \"3650d\", is \"1m\"")]
    [InlineData("labels = { a = \"x\\u0000\" }", "4:16: labels.a: may not have control characters")]
    [InlineData("labels = { \"a\\nb\" = \"x\" }", "4:21: labels.\"a\\u000ab\": may not have control characters")]
    [InlineData("options = { \"67\\n1\" = \"x\" }", "4:23: options.\"67\\u000a1\": must be an option's name")]
    [InlineData("options = { 0 = \"x\" }", "4:17: options.0: must be an option's name in lower case, such as ntp-server, or its number, 1 to 254")]
    [InlineData("options = { 67 = \"x\\ndhcp-script=/bin/sh\" }", "4:18: options.67: may not have control characters")]
    [InlineData(
        "options = { 6 = \"10.0.0.1,10.0.0.2\" }",
        "4:17: options.6: may not have control characters, ',', '#' or blanks at its ends; write several values as a list")]
    [InlineData("options = { 6 = [] }", "4:17: options.6: must be a string, an integer, or a list of them that is not empty")]
    [InlineData("options6 = { 65536 = \"x\" }", "4:22: options6.65536: must be an option's name in lower case, such as ntp-server, or its number, 1 to 65535")]
    [InlineData("boot = {}", "4:8: boot: does not say what clients load")]
    [InlineData("boot.file_name = \"x\\u001b\"", "4:18: boot.file_name: may not have control characters")]
    [InlineData("boot = { file_name = \"x\", next_server = \"::1\" }", "4:41: boot.next_server: must be an IPv4 address")]
    [InlineData("boot = { rules = [{ file_name = \"x\" }] }", "4:19: boot.rules[0]: does not say which clients it is for")]
    [InlineData("lease_tme = \"5m\"", "4:1: lease_tme: unknown key; did you mean `lease_time`?")]
    public void A_network_key_that_is_wrong_is_reported_at_its_place(string line, string expected) =>
        AssertError($"# one\n# two\n# three\n{line}\n{Head}", expected);

    [Theory]
    [InlineData("gateway = \"10.0.1.1\"", "subnets[0].gateway: must be a host's address in 10.0.0.0/24, is 10.0.1.1")]
    [InlineData("gateway = \"10.0.0.255\"", "subnets[0].gateway: must be a host's address in 10.0.0.0/24, is 10.0.0.255")]
    [InlineData("gateway = \"2001:db8::1\"", "subnets[0].gateway: must be a host's address in 10.0.0.0/24, is 2001:db8::1")]
    [InlineData("server_address = \"10.0.0.0\"", "subnets[0].server_address: must be a host's address in 10.0.0.0/24, is 10.0.0.0")]
    [InlineData("gateway = \"10.0.0.1\"\nserver_address = \"10.0.0.1\"", "subnets[0].server_address: is the gateway's address, 10.0.0.1")]
    [InlineData("dns_servers = [\"::1\"]", "subnets[0].dns_servers[0]: must be an address of the subnet's own protocol, is ::1")]
    [InlineData(
        "routes = [{ destination = \"::/0\", next_hop = \"10.0.0.1\" }]",
        "subnets[0].routes[0].destination: must be a network of the subnet's own protocol, is ::/0")]
    [InlineData(
        "routes = [{ destination = \"10.9.0.0/16\", next_hop = \"10.1.0.1\" }]",
        "subnets[0].routes[0].next_hop: must be a host's address in 10.0.0.0/24, is 10.1.0.1")]
    [InlineData("ipv6_mode = \"slaac\"", "subnets[0].ipv6_mode: is only for IPv6 subnets, and 10.0.0.0/24 is none")]
    [InlineData("router_advertisements = true", "subnets[0].router_advertisements: is only for IPv6 subnets, and 10.0.0.0/24 is none")]
    [InlineData(
        "pools = [{ start = \"10.0.0.20\", end = \"10.0.0.10\" }]", "subnets[0].pools[0].end: must not be below the pool's start 10.0.0.20, is 10.0.0.10")]
    [InlineData("pools = [{ start = \"10.0.0.20\", end = \"10.0.1.10\" }]", "subnets[0].pools[0].end: must be a host's address in 10.0.0.0/24, is 10.0.1.10")]
    [InlineData("pools = [{ start = \"10.0.0.0\", end = \"10.0.0.10\" }]", "subnets[0].pools[0].start: must be a host's address in 10.0.0.0/24, is 10.0.0.0")]
    [InlineData("gateway = \"10.0.0.5\"\npools = [{ start = \"10.0.0.2\", end = \"10.0.0.10\" }]", "subnets[0].pools[0]: holds the gateway's address 10.0.0.5")]
    [InlineData(
        "server_address = \"10.0.0.5\"\npools = [{ start = \"10.0.0.2\", end = \"10.0.0.10\" }]", "subnets[0].pools[0]: holds the server's address 10.0.0.5")]
    [InlineData(
        "pools = [{ start = \"10.0.0.2\", end = \"10.0.0.10\" }, { start = \"10.0.0.10\", end = \"10.0.0.12\" }]",
        "subnets[0].pools[1]: overlaps pools[0], 10.0.0.2 to 10.0.0.10")]
    [InlineData("name = \"a\\rb\"", "subnets[0].name: may not have control characters, ',', '#', '\"', '\\' or blanks at its ends")]
    [InlineData(
        "[[subnets]]\ncidr = \"10.0.0.128/25\"",
        "subnets[1].cidr: overlaps 10.0.0.0/24 of subnets[0]; subnets of different networks may overlap: put it in a file of its own")]
    [InlineData("id = \"x\"\n[[subnets]]\nid = \"x\"\ncidr = \"10.0.1.0/24\"", "subnets[1].id: is the id of subnets[0] already")]
    [InlineData("[[subnets]]\ncidr = \"2001:db8::/63\"\nipv6_mode = \"slaac\"", "subnets[1].cidr: must be a /64 for SLAAC (RFC 4862), is a /63")]
    [InlineData(
        "[[subnets]]\ncidr = \"2001:db8::/64\"\nipv6_mode = \"slaac\"\npools = [{ start = \"2001:db8::1\", end = \"2001:db8::2\" }]",
        "subnets[1].pools: has no use: on this subnet clients make their own addresses")]
    [InlineData(
        "[[subnets]]\ncidr = \"2001:db8::/64\"\npools = [{ start = \"2001:db8::1\", end = \"2001:db8::ffff:ffff\" }]",
        "subnets[1].pools[0]: must have at most 16777216 addresses, has 4294967295")]
    [InlineData("[[subnets]]\ncidr = \"224.0.0.0/8\"", "subnets[1].cidr: must be a network of unicast addresses, is 224.0.0.0/8")]
    public void A_subnet_that_is_wrong_is_reported_at_its_place(string lines, string expected) =>
        AssertError($"[[subnets]]\ncidr = \"10.0.0.0/24\"\n{lines}\n", expected);

    [Theory]
    [InlineData("addresses = [\"10.0.0.5\"]", "reservations[0]: does not say which client it is for; give it a mac, client_id or duid")]
    [InlineData("mac = \"fa:16:3e\"", "reservations[0].mac: 'fa:16:3e' is not a MAC address: six pairs of hex digits with colons, as in fa:16:3e:00:00:01")]
    [InlineData("mac = \"01:00:5e:00:00:01\"", "reservations[0].mac: must be the address of one interface, is 01:00:5e:00:00:01")]
    [InlineData(
        "mac = \"fa:16:3e:00:00:01\"\naddresses = [\"10.0.1.5\"]",
        "reservations[0].addresses[0]: must be a host's address in one of the network's subnets, is 10.0.1.5")]
    [InlineData(
        "mac = \"fa:16:3e:00:00:01\"\naddresses = [\"10.0.0.255\"]",
        "reservations[0].addresses[0]: must be a host's address in one of the network's subnets, is 10.0.0.255")]
    [InlineData("mac = \"fa:16:3e:00:00:01\"\naddresses = [\"10.0.0.1\"]", "reservations[0].addresses[0]: 10.0.0.1 is the gateway's address")]
    [InlineData(
        "mac = \"fa:16:3e:00:00:01\"\naddresses = [\"10.0.0.5\", \"10.0.0.6\"]",
        "reservations[0].addresses[1]: is a second address in 10.0.0.0/24; a client gets one address of each subnet")]
    [InlineData(
        "mac = \"fa:16:3e:00:00:01\"\nhostname = \"a_b\"",
        "reservations[0].hostname: must be one label of letters, digits and '-', at most 63, with '-' not at its ends")]
    [InlineData(
        "mac = \"fa:16:3e:00:00:01\"\nhostname = \"a\\n\"",
        "reservations[0].hostname: must be one label of letters, digits and '-', at most 63, with '-' not at its ends")]
    [InlineData("client_id = \"a,b\"", "reservations[0].client_id: must be pairs of hex digits with colons, or a text without blanks, ',', '#', '\"' and '\\'")]
    [InlineData("duid = \"00:01\"", "reservations[0].duid: must be 3 to 130 pairs of hex digits with colons (RFC 8415 section 11.1)")]
    [InlineData(
        "mac = \"fa:16:3e:00:00:01\"\noptions = { 67 = \"a\\u0000\" }",
        "reservations[0].options.67: may not have control characters, ',', '#' or blanks at its ends; write several values as a list: [\"a\", \"b\"]")]
    [InlineData(
        "mac = \"fa:16:3e:00:00:01\"\n[[reservations]]\nid = \"x\"\nmac = \"FA-16-3E-00-00-01\"", "reservations[1].mac: is there already, in reservations[0]")]
    [InlineData(
        "id = \"x\"\nmac = \"fa:16:3e:00:00:01\"\n[[reservations]]\nid = \"x\"\nmac = \"fa:16:3e:00:00:02\"",
        "reservations[1].id: is there already, in reservations[0]")]
    [InlineData(
        "duid = \"00:01:ab\"\n[[reservations]]\nmac = \"fa:16:3e:00:00:02\"\nduid = \"00:01:AB\"",
        "reservations[1].duid: is there already, in reservations[0]")]
    [InlineData(
        "mac = \"fa:16:3e:00:00:01\"\naddresses = [\"10.0.0.5\"]\n[[reservations]]\nmac = \"fa:16:3e:00:00:02\"\naddresses = [\"10.0.0.5\"]",
        "reservations[1].addresses[0]: 10.0.0.5 is reserved already, in reservations[0]")]
    public void A_reservation_that_is_wrong_is_reported_at_its_place(string lines, string expected) =>
        AssertError($"{Head}[[reservations]]\n{lines}\n", expected);

    [Fact]
    public void Counts_beyond_the_options_are_refused()
    {
        var reader = new NetworkFileReader(new() { MaxSubnets = 1, MaxReservations = 2 }, "host-a");
        var text = Head + "[[subnets]]\ncidr = \"10.1.0.0/24\"\n" + string.Concat(
            Enumerable.Range(0, 3).Select(i => $"[[reservations]]\nmac = \"fa:16:3e:00:00:0{i}\"\n"));

        var (_, errors) = reader.Read(Encoding.UTF8.GetBytes(text), "networks/lab.toml");

        Assert.Equal(["subnets", "reservations"], errors.Select(error => error.Key));
        Assert.Contains("must have at most 2 reservations, has 3", errors[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_thousand_mutated_files_give_a_network_or_errors_inside_the_file()
    {
        var mutator = new TextMutator(20261122);
        var outcomes = new Dictionary<string, int> { ["network"] = 0, ["errors"] = 0 };
        for (var i = 0; i < 1000; i++)
        {
            var text = mutator.Mutate(Samples.Whole);
            var lines = text.Split('\n');
            var (network, errors) = Read(text);

            Assert.Equal(network is null, !errors.IsEmpty);
            outcomes[network is null ? "errors" : "network"]++;
            foreach (var error in errors)
            {
                Assert.InRange(error.Line, 1, lines.Length);
                Assert.InRange(error.Column, 1, lines[error.Line - 1].Length + 1);
                Assert.DoesNotContain('\n', error.ToString());
            }
        }

        Assert.All(outcomes.Values, count => Assert.InRange(count, 10, 990));
    }

    private static (
        LoadedNetwork? Network, System.Collections.Immutable.ImmutableArray<Toml.TomlError> Errors) Read(string text, string path = "networks/lab.toml") =>
        new NetworkFileReader(new(), "host-a").Read(Encoding.UTF8.GetBytes(text), path);

    private static LoadedNetwork Loaded(string text)
    {
        var (network, errors) = Read(text);
        Assert.Empty(errors);
        return network!;
    }

    private static void AssertError(string text, string expected)
    {
        var error = Assert.Single(Read(text).Errors);
        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
    }
}

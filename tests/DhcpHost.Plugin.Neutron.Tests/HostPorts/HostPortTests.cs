using System.Text.Json.Nodes;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Plugin.Neutron.Messaging;
using DhcpHost.Plugin.Neutron.Tests.Fakes;

namespace DhcpHost.Plugin.Neutron.Tests.HostPorts;

/// <summary>The host's own port: the one that is there, or else a reserved one, or else a new one.</summary>
public sealed class HostPortTests : IAsyncDisposable
{
    private const string Subnet2 = "22222222-0000-4000-8000-000000000002";

    private readonly FakeTransport _transport = new();
    private JsonObject _network = Make.NetworkOf(Make.Network);

    public HostPortTests()
    {
        _transport.On("get_active_networks_info", _ => new JsonArray(_network.DeepClone()));
        _transport.On("get_network_info", _ => _network.DeepClone());
        _transport.On("create_dhcp_port", _ => Make.OwnPort());
    }

    public ValueTask DisposeAsync() => _transport.DisposeAsync();

    [Fact]
    public async Task A_new_port_is_asked_for_as_Neutrons_own_agent_does()
    {
        await using var running = await RunningSource.StartAsync(_transport);
        var port = await EnsureAsync(running);
        Assert.Equal("10.0.0.200", port.FixedIps[0].Address.ToString());

        var recorded = Recorded.Calls.First(call => call["method"]!.GetValue<string>() == "create_dhcp_port")["args"]!.DeepClone();
        recorded["port"]!["port"]!["network_id"] = Make.Network;
        recorded["port"]!["port"]!["project_id"] = "project";
        recorded["port"]!["port"]!["device_id"] = Make.OwnDevice();
        recorded["port"]!["port"]!["fixed_ips"]![0]!["subnet_id"] = Make.Subnet;
        Assert.True(JsonNode.DeepEquals(recorded, _transport.ArgumentsOf("create_dhcp_port").Single()));
    }

    [Fact]
    public async Task A_new_port_is_in_the_network_at_once_and_is_reported_ready()
    {
        await using var running = await RunningSource.StartAsync(_transport);
        var port = await EnsureAsync(running);
        var change = await running.NextAsync<SourceEvent.NetworkChanged>();
        Assert.Equal(port, Assert.Single(change.Snapshot!.Ports));
        await running.CalledAsync("dhcp_ready_on_ports", 1);

        running.Transport.Cast("port_create_end", Make.Payload(Make.OwnPort()));
        Assert.Empty(await running.DrainAsync());
    }

    [Fact]
    public async Task A_port_that_is_there_is_taken_without_a_call()
    {
        _network = Make.NetworkOf(Make.Network, Make.OwnPort());
        await using var running = await RunningSource.StartAsync(_transport);
        Assert.Equal(Make.PortId(200), (await EnsureAsync(running)).Id.Value);
        Assert.Equal(0, _transport.Count("create_dhcp_port"));
        Assert.Equal(0, _transport.Count("update_dhcp_port"));
    }

    [Fact]
    public async Task A_port_that_lacks_a_subnet_keeps_its_addresses_and_gets_one_more()
    {
        _network = Make.NetworkOf(Make.Network, Make.OwnPort());
        _network["subnets"]!.AsArray().Add(Make.SubnetOf(Make.Network, Subnet2, "10.1.0.0/16"));
        _transport.On("update_dhcp_port", _ => WithSecondAddress(Make.OwnPort()));
        await using var running = await RunningSource.StartAsync(_transport);

        Assert.Equal(2, (await EnsureAsync(running, Make.Subnet, Subnet2)).FixedIps.Count);
        var ips = _transport.ArgumentsOf("update_dhcp_port").Single()["port"]!["port"]!["fixed_ips"]!.ToJsonString();
        Assert.Equal($$"""[{"subnet_id":"{{Make.Subnet}}","ip_address":"10.0.0.200"},{"subnet_id":"{{Subnet2}}"}]""", ips);
    }

    [Fact]
    public async Task A_port_with_an_address_on_a_subnet_that_needs_none_gives_it_up()
    {
        _network = Make.NetworkOf(Make.Network, WithSecondAddress(Make.OwnPort()));
        _transport.On("update_dhcp_port", _ => Make.OwnPort());
        await using var running = await RunningSource.StartAsync(_transport);
        Assert.Single((await EnsureAsync(running)).FixedIps);
        Assert.Equal(1, _transport.Count("update_dhcp_port"));
    }

    [Fact]
    public async Task A_reserved_port_is_taken_over_with_its_address()
    {
        _network = Make.NetworkOf(Make.Network, Make.PortOf(9, owner: "network:dhcp", device: "reserved_dhcp_port"));
        _transport.On("update_dhcp_port", _ => Make.PortOf(9, owner: "network:dhcp", device: Make.OwnDevice(), revision: 2));
        await using var running = await RunningSource.StartAsync(_transport);
        Assert.Equal(Make.PortId(9), (await EnsureAsync(running)).Id.Value);
        Assert.Equal(Make.OwnDevice(), _transport.ArgumentsOf("update_dhcp_port").Single()["port"]!["port"]!["device_id"]!.GetValue<string>());
        Assert.Equal(0, _transport.Count("create_dhcp_port"));
    }

    [Fact]
    public async Task A_reserved_port_that_another_agent_took_first_is_left_to_it()
    {
        _network = Make.NetworkOf(Make.Network, Make.PortOf(9, owner: "network:dhcp", device: "reserved_dhcp_port"));
        _transport.On("update_dhcp_port", _ => null);
        await using var running = await RunningSource.StartAsync(_transport);
        Assert.Equal(Make.PortId(200), (await EnsureAsync(running)).Id.Value);
    }

    [Fact]
    public async Task A_port_that_the_server_does_not_know_any_more_is_made_anew_by_what_it_says_now()
    {
        _network = Make.NetworkOf(Make.Network, Make.OwnPort(number: 7));
        _network["subnets"]!.AsArray().Add(Make.SubnetOf(Make.Network, Subnet2, "10.1.0.0/16"));
        _transport.On("update_dhcp_port", _ => null);
        await using var running = await RunningSource.StartAsync(_transport);
        var known = Assert.Single(await running.Source.ListAsync(CancellationToken.None));
        _network["ports"] = new JsonArray();
        _transport.On("create_dhcp_port", _ => WithSecondAddress(Make.OwnPort()));

        var port = await running.Source.EnsureHostPortAsync(new(known, null, [new(Make.Subnet), new(Subnet2)]), CancellationToken.None);
        Assert.Equal((Make.PortId(200), 2), (port.Id.Value, port.FixedIps.Count));
        Assert.Equal(1, _transport.Count("get_network_info"));
    }

    [Theory]
    [InlineData("IpAddressGenerationFailure", FailureKind.Exhausted)]
    [InlineData("NetworkNotFound", FailureKind.Gone)]
    [InlineData("DBDeadlock", FailureKind.Transient)]
    public async Task A_failure_of_the_server_says_what_kind_it_is(string errorType, FailureKind kind)
    {
        _transport.On("create_dhcp_port", _ => throw new RpcRemoteException(errorType, "no"));
        await using var running = await RunningSource.StartAsync(_transport);
        var failure = await Assert.ThrowsAsync<DhcpHostException>(() => EnsureAsync(running));
        Assert.Equal(kind, failure.Kind);
        Assert.Equal(1, _transport.Count("create_dhcp_port"));
    }

    [Fact]
    public async Task Subnets_that_Neutron_gives_no_address_on_are_asked_for_once_more_and_then_a_conflict()
    {
        _network["subnets"]!.AsArray().Add(Make.SubnetOf(Make.Network, Subnet2, "10.1.0.0/16"));
        _transport.On("get_dhcp_port", _ => Make.OwnPort());
        await using var running = await RunningSource.StartAsync(_transport);
        var failure = await Assert.ThrowsAsync<DhcpHostException>(() => EnsureAsync(running, Make.Subnet, Subnet2));
        Assert.Equal(FailureKind.Conflict, failure.Kind);
        Assert.Contains(Subnet2, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_whose_answer_was_lost_is_looked_for_before_another_one_is_made()
    {
        _transport.On("create_dhcp_port", _ => throw new RpcTimeoutException("60 s"));
        await using var running = await RunningSource.StartAsync(_transport);
        Assert.Equal(FailureKind.Transient, (await Assert.ThrowsAsync<DhcpHostException>(() => EnsureAsync(running))).Kind);

        _network = Make.NetworkOf(Make.Network, Make.OwnPort(number: 201));
        Assert.Equal(Make.PortId(201), (await EnsureAsync(running)).Id.Value);
        Assert.Equal(1, _transport.Count("create_dhcp_port"));
    }

    [Fact]
    public async Task A_released_port_leaves_the_network()
    {
        _network = Make.NetworkOf(Make.Network, Make.OwnPort(), Make.PortOf(1));
        await using var running = await RunningSource.StartAsync(_transport);
        await EnsureAsync(running);
        await running.Source.ReleaseHostPortAsync(new(Make.Network), null, CancellationToken.None);
        Assert.Equal(Make.OwnDevice(), _transport.ArgumentsOf("release_dhcp_port").Single()["device_id"]!.GetValue<string>());

        running.Transport.Cast("port_create_end", Make.Payload(Make.PortOf(2)));
        Assert.Equal(2, (await running.NextAsync<SourceEvent.NetworkChanged>()).Snapshot!.Ports.Count);
    }

    [Fact]
    public async Task The_port_of_a_segment_has_its_number_in_its_device_id()
    {
        const string Segment = "44444444-0000-4000-8000-000000000001";
        _network["segments"] = new JsonArray(
            new JsonObject { ["id"] = Segment, ["network_type"] = "vlan", ["physical_network"] = "p", ["segmentation_id"] = 77 });
        _network["subnets"]![0]!["segment_id"] = Segment;
        await using var running = await RunningSource.StartAsync(_transport);
        await EnsureAsync(running);
        Assert.EndsWith(
            "-77", _transport.ArgumentsOf("create_dhcp_port").Single()["port"]!["port"]!["device_id"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static async Task<Port> EnsureAsync(RunningSource running, params string[] subnets)
    {
        var network = Assert.Single(await running.Source.ListAsync(CancellationToken.None));
        var ids = (subnets.Length == 0 ? [Make.Subnet] : subnets).Select(id => new SubnetId(id)).ToEquatableArray();
        return await running.Source.EnsureHostPortAsync(new(network, null, ids), CancellationToken.None);
    }

    private static JsonObject WithSecondAddress(JsonObject port)
    {
        port["fixed_ips"]!.AsArray().Add(new JsonObject { ["subnet_id"] = Subnet2, ["ip_address"] = "10.1.0.200" });
        port["revision_number"] = 2;
        return port;
    }
}

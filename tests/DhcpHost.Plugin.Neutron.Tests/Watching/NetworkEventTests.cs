using System.Text.Json.Nodes;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Plugin.Neutron.Tests.Fakes;

namespace DhcpHost.Plugin.Neutron.Tests.Watching;

/// <summary>Messages about networks and subnets, lists, and the connection.</summary>
public sealed class NetworkEventTests
{
    private static FakeTransport Serving(params string[] networks)
    {
        var transport = new FakeTransport();
        transport.On("get_active_networks_info", _ => new JsonArray([.. networks.Select(id => Make.NetworkOf(id, Make.PortOf(1, id)))]));
        return transport;
    }

    [Theory]
    [InlineData("network_create_end", """{"network": {"id": "ID"}, "priority": 0}""")]
    [InlineData("network_update_end", """{"network": {"id": "ID", "admin_state_up": true, "name": "x"}, "priority": 1}""")]
    [InlineData("subnet_create_end", """{"subnet": {"id": "s", "network_id": "ID"}, "priority": 3}""")]
    [InlineData("subnet_update_end", """{"subnet": {"id": "s", "network_id": "ID"}, "priority": 3}""")]
    [InlineData("subnet_delete_end", """{"subnet_id": "s", "network_id": "ID", "priority": 4}""")]
    [InlineData("subnet_delete_end", """{"subnet_id": "22222222-0000-4000-8000-000000000001"}""")]
    public async Task News_of_a_network_or_subnet_makes_the_host_ask_for_that_network_alone(string method, string payload)
    {
        await using var running = await RunningSource.StartAsync(Serving(Make.Network));
        running.Transport.Cast(method, JsonNode.Parse(payload.Replace("ID", Make.Network, StringComparison.Ordinal))!);

        var change = Assert.IsType<SourceEvent.NetworkChanged>(Assert.Single(await running.DrainAsync()));
        Assert.Equal((Make.Network, null), (change.NetworkId.Value, change.Snapshot));
        Assert.Equal(1, running.Transport.Count("get_active_networks_info"));
    }

    [Fact]
    public async Task A_deleted_subnet_of_an_unknown_network_means_nothing()
    {
        await using var running = await RunningSource.StartAsync(Serving());
        running.Transport.Cast("subnet_delete_end", new JsonObject { ["subnet_id"] = "s", ["network_id"] = Make.Network });
        running.Transport.Cast("subnet_delete_end", new JsonObject { ["subnet_id"] = "s" });
        Assert.Empty(await running.DrainAsync());
    }

    [Fact]
    public async Task A_network_whose_state_is_down_is_told_as_such_until_it_is_asked_for_again()
    {
        await using var running = await RunningSource.StartAsync(Serving(Make.Network));
        running.Transport.Cast("network_update_end", new JsonObject { ["network"] = new JsonObject { ["id"] = Make.Network, ["admin_state_up"] = false } });
        running.Transport.Cast("port_create_end", Make.Payload(Make.PortOf(2)));

        var events = (await running.DrainAsync()).Cast<SourceEvent.NetworkChanged>().ToList();
        Assert.Equal([false, false], events.Select(change => change.Snapshot!.AdminStateUp));

        running.Transport.On("get_network_info", _ => Make.NetworkOf(Make.Network));
        Assert.True((await running.Source.GetAsync(new(Make.Network), CancellationToken.None))!.AdminStateUp);
    }

    [Fact]
    public async Task A_network_that_is_taken_away_while_it_is_asked_for_stays_away()
    {
        await using var running = await RunningSource.StartAsync(Serving(Make.Network));
        var answer = new TaskCompletionSource<JsonNode?>();
        running.Transport.On("get_network_info", (_, _) => answer.Task);
        var asking = running.Source.GetAsync(new(Make.Network), CancellationToken.None);
        running.Transport.Cast("network_delete_end", new JsonObject { ["network_id"] = Make.Network });
        Assert.IsType<SourceEvent.NetworkRemoved>(Assert.Single(await running.DrainAsync()));

        answer.SetResult(Make.NetworkOf(Make.Network));
        Assert.Null(await asking);
    }

    [Fact]
    public async Task A_network_that_is_given_back_is_asked_for_and_served_with_its_ports()
    {
        await using var running = await RunningSource.StartAsync(Serving(Make.Network));
        running.Transport.Cast("network_delete_end", new JsonObject { ["network_id"] = Make.Network });
        running.Transport.Cast("network_create_end", new JsonObject { ["network"] = new JsonObject { ["id"] = Make.Network } });
        running.Transport.Cast("port_create_end", Make.Payload(Make.PortOf(7)));
        Assert.Equal(3, (await running.DrainAsync()).Count);

        running.Transport.On("get_network_info", _ => Make.NetworkOf(Make.Network, Make.PortOf(1)));
        Assert.Equal(2, (await running.Source.GetAsync(new(Make.Network), CancellationToken.None))!.Ports.Count);
    }

    [Fact]
    public async Task An_answer_without_a_network_makes_it_gone()
    {
        await using var running = await RunningSource.StartAsync(Serving(Make.Network));
        Assert.Null(await running.Source.GetAsync(new(Make.Network), CancellationToken.None));
        running.Transport.Cast("port_create_end", Make.Payload(Make.PortOf(2)));
        Assert.Empty(await running.DrainAsync());
    }

    [Fact]
    public async Task A_list_lacks_what_was_removed_and_keeps_what_was_told_while_it_was_made()
    {
        await using var running = await RunningSource.StartAsync(Serving(Make.Network));
        var answer = new TaskCompletionSource<JsonNode?>();
        running.Transport.On("get_active_networks_info", (_, _) => answer.Task);
        var listing = running.Source.ListAsync(CancellationToken.None);
        await running.CalledAsync("get_active_networks_info", 2);
        running.Transport.Cast("port_create_end", Make.Payload(Make.PortOf(2)));
        _ = await running.DrainAsync();
        answer.SetResult(new JsonArray(Make.NetworkOf(Make.Network, Make.PortOf(1))));
        Assert.Equal(2, Assert.Single(await listing).Ports.Count);

        running.Transport.On("get_active_networks_info", _ => new JsonArray(Make.NetworkOf(Make.Other)));
        Assert.Equal(Make.Other, Assert.Single(await running.Source.ListAsync(CancellationToken.None)).Id.Value);
    }

    [Fact]
    public async Task A_list_without_changes_gives_the_same_snapshots()
    {
        await using var running = await RunningSource.StartAsync(Serving(Make.Network, Make.Other));
        var first = await running.Source.ListAsync(CancellationToken.None);
        var second = await running.Source.ListAsync(CancellationToken.None);
        Assert.All(first, network => Assert.Same(network, second.Single(other => other.Id == network.Id)));
    }

    [Fact]
    public async Task Subnets_without_DHCP_are_left_out_because_only_a_list_has_them()
    {
        var transport = new FakeTransport();
        var network = Make.NetworkOf(Make.Network);
        network["subnets"]!.AsArray().Add(Make.SubnetOf(Make.Network, "22222222-0000-4000-8000-000000000002", "10.1.0.0/16"));
        network["subnets"]![1]!["enable_dhcp"] = false;
        transport.On("get_active_networks_info", _ => new JsonArray(network.DeepClone()));
        await using var running = await RunningSource.StartAsync(transport);
        Assert.Single((await running.Source.ListAsync(CancellationToken.None))[0].Subnets);
    }

    [Fact]
    public async Task An_update_of_the_agent_asks_for_a_resync()
    {
        await using var running = await RunningSource.StartAsync(Serving());
        running.Transport.Cast("agent_updated", new JsonObject { ["admin_state_up"] = false });
        Assert.Contains("disabled", (await running.NextAsync<SourceEvent.ResyncNeeded>()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_connection_is_bad_health_and_its_return_asks_for_a_resync()
    {
        await using var running = await RunningSource.StartAsync(Serving());
        await running.NextAsync<SourceEvent.HealthChanged>(change => change.Health.IsHealthy);
        running.Transport.Tell(new DhcpHost.Plugin.Neutron.Messaging.RpcEvent.Disconnected("the broker is gone"));
        Assert.Contains(
            "the broker is gone",
            (await running.NextAsync<SourceEvent.HealthChanged>(change => !change.Health.IsHealthy)).Health.Message,
            StringComparison.Ordinal);
        running.Transport.Connect(isFirst: false);
        await running.NextAsync<SourceEvent.HealthChanged>(change => change.Health.IsHealthy);
        Assert.Contains("connection", (await running.NextAsync<SourceEvent.ResyncNeeded>()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_connection_asks_for_none()
    {
        await using var running = await RunningSource.StartAsync(Serving());
        Assert.DoesNotContain(await running.DrainAsync(), item => item is SourceEvent.ResyncNeeded);
    }

    [Fact]
    public async Task Whoever_lists_and_looks_at_the_health_takes_no_message_and_reports_nothing()
    {
        var transport = Serving(Make.Network);
        await using var source = new NeutronNetworkSource(new FakeContext(TimeProvider.System), new(), transport);
        Assert.Single(await source.ListAsync(TestContext.Current.CancellationToken));
        await foreach (var item in source.WatchAsync(TestContext.Current.CancellationToken))
        {
            Assert.True(Assert.IsType<SourceEvent.HealthChanged>(item).Health.IsHealthy);
            break;
        }

        Assert.Equal(0, transport.Count("report_state"));
        Assert.False(transport.IsListenedTo);
    }
}

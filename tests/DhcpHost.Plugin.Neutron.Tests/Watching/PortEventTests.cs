using System.Text.Json.Nodes;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Plugin.Neutron.Tests.Fakes;
using DhcpHost.Plugin.Neutron.Watching;

namespace DhcpHost.Plugin.Neutron.Tests.Watching;

/// <summary>A port's message carries all that is needed: the host learns the network as it is now, and the server is not asked.</summary>
public sealed class PortEventTests
{
    private static FakeTransport Serving(params JsonObject[] ports)
    {
        var transport = new FakeTransport();
        transport.On("get_active_networks_info", _ => new JsonArray(Make.NetworkOf(Make.Network, ports), Make.NetworkOf(Make.Other)));
        return transport;
    }

    [Fact]
    public async Task A_new_port_comes_with_its_network_and_is_awaited()
    {
        await using var running = await RunningSource.StartAsync(Serving(Make.PortOf(1)));
        running.Transport.Cast("port_create_end", Make.Payload(Make.PortOf(2)));

        var change = await running.NextAsync<SourceEvent.NetworkChanged>();
        Assert.Equal(Make.Network, change.NetworkId.Value);
        Assert.Equal([new(Make.PortId(1)), new(Make.PortId(2))], change.Snapshot!.Ports.Select(port => port.Id));
        Assert.Equal([new PortId(Make.PortId(2))], change.AwaitedPorts);
        Assert.Equal(NotificationHandler.AwaitedPriority, change.Priority);
        Assert.Equal(0, running.Transport.Count("get_network_info"));
    }

    [Fact]
    public async Task The_agent_that_is_told_first_takes_the_port_before_others()
    {
        await using var running = await RunningSource.StartAsync(Serving());
        running.Transport.Cast("port_create_end", Make.Payload(Make.PortOf(2), priority: 5));
        Assert.Equal(NotificationHandler.FirstPriority, (await running.NextAsync<SourceEvent.NetworkChanged>()).Priority);
    }

    [Fact]
    public async Task A_changed_port_takes_the_place_of_what_it_was()
    {
        await using var running = await RunningSource.StartAsync(Serving(Make.PortOf(1)));
        running.Transport.Cast("port_update_end", Make.Payload(Make.PortOf(1, revision: 2, address: "10.0.9.9")));

        var change = await running.NextAsync<SourceEvent.NetworkChanged>();
        Assert.Equal("10.0.9.9", Assert.Single(change.Snapshot!.Ports).FixedIps[0].Address.ToString());
        Assert.Single(change.AwaitedPorts);
    }

    [Fact]
    public async Task A_deleted_port_leaves_its_network_and_does_not_come_back_by_late_messages()
    {
        await using var running = await RunningSource.StartAsync(Serving(Make.PortOf(1), Make.PortOf(2)));
        running.Transport.Cast("port_delete_end", Deleted(1));
        running.Transport.Cast("port_create_end", Make.Payload(Make.PortOf(1)));
        running.Transport.Cast("port_update_end", Make.Payload(Make.PortOf(1, revision: 9)));

        var change = Assert.IsType<SourceEvent.NetworkChanged>(Assert.Single(await running.DrainAsync()));
        Assert.Equal(new PortId(Make.PortId(2)), Assert.Single(change.Snapshot!.Ports).Id);
        Assert.Empty(change.AwaitedPorts);
    }

    [Fact]
    public async Task A_message_that_is_older_than_what_is_known_changes_nothing()
    {
        await using var running = await RunningSource.StartAsync(Serving(Make.PortOf(1, revision: 5)));
        running.Transport.Cast("port_update_end", Make.Payload(Make.PortOf(1, revision: 4, address: "10.0.9.9")));
        Assert.Empty(await running.DrainAsync());
    }

    [Fact]
    public async Task A_new_port_whose_message_an_answer_overtook_is_awaited_all_the_same()
    {
        await using var running = await RunningSource.StartAsync(Serving(Make.PortOf(1, revision: 2)));
        running.Transport.Cast("port_create_end", Make.Payload(Make.PortOf(1, revision: 1)));

        var change = await running.NextAsync<SourceEvent.NetworkChanged>();
        Assert.Equal(2, Assert.Single(change.Snapshot!.Ports).RevisionNumber);
        Assert.Equal([new PortId(Make.PortId(1))], change.AwaitedPorts);
    }

    [Fact]
    public async Task A_port_with_the_address_of_another_one_shows_that_something_was_missed()
    {
        await using var running = await RunningSource.StartAsync(Serving(Make.PortOf(1, address: "10.0.0.7")));
        running.Transport.Cast("port_create_end", Make.Payload(Make.PortOf(2, address: "10.0.0.7")));

        var change = await running.NextAsync<SourceEvent.NetworkChanged>();
        Assert.Null(change.Snapshot);
        Assert.Equal([new PortId(Make.PortId(2))], change.AwaitedPorts);

        running.Transport.On("get_network_info", _ => Make.NetworkOf(Make.Network));
        var network = await running.Source.GetAsync(new(Make.Network), CancellationToken.None);
        Assert.Equal(new PortId(Make.PortId(2)), Assert.Single(network!.Ports).Id);
    }

    [Fact]
    public async Task A_new_port_with_another_mac_address_than_it_is_known_by_shows_it_too()
    {
        var known = Make.PortOf(1);
        known["mac_address"] = "fa:16:3e:ff:ff:ff";
        await using var running = await RunningSource.StartAsync(Serving(known));
        running.Transport.Cast("port_create_end", Make.Payload(Make.PortOf(1, revision: 2)));
        Assert.Null((await running.NextAsync<SourceEvent.NetworkChanged>()).Snapshot);
    }

    [Fact]
    public async Task An_updated_port_may_have_another_mac_address()
    {
        await using var running = await RunningSource.StartAsync(Serving(Make.PortOf(1)));
        var changed = Make.PortOf(1, revision: 2);
        changed["mac_address"] = "fa:16:3e:ff:ff:ff";
        running.Transport.Cast("port_update_end", Make.Payload(changed));
        Assert.Equal("fa:16:3e:ff:ff:ff", (await running.NextAsync<SourceEvent.NetworkChanged>()).Snapshot!.Ports[0].MacAddress.ToString());
    }

    [Fact]
    public async Task Ports_of_other_agents_and_routers_change_the_network_and_nobody_waits_for_the_former()
    {
        await using var running = await RunningSource.StartAsync(Serving());
        running.Transport.Cast("port_create_end", Make.Payload(Make.PortOf(3, owner: "network:dhcp", device: "dhcp-of-another")));
        running.Transport.Cast("port_create_end", Make.Payload(Make.PortOf(4, owner: "network:router_interface")));

        var events = (await running.DrainAsync()).Cast<SourceEvent.NetworkChanged>().ToList();
        Assert.Equal([0, 1], events.Select(change => change.AwaitedPorts.Count));
        Assert.Equal(2, events[^1].Snapshot!.Ports.Count);
    }

    [Fact]
    public async Task Ports_that_no_server_shows_are_kept_and_told_with_the_next_change()
    {
        await using var running = await RunningSource.StartAsync(Serving());
        running.Transport.Cast("port_create_end", Make.Payload(Make.PortOf(3, owner: "network:floatingip")));
        Assert.Empty(await running.DrainAsync());

        running.Transport.Cast("port_create_end", Make.Payload(Make.PortOf(4)));
        Assert.Equal(2, (await running.NextAsync<SourceEvent.NetworkChanged>()).Snapshot!.Ports.Count);
    }

    [Fact]
    public async Task A_port_that_is_on_another_network_now_leaves_the_first()
    {
        await using var running = await RunningSource.StartAsync(Serving(Make.PortOf(1)));
        running.Transport.Cast("port_update_end", Make.Payload(Make.PortOf(1, network: Make.Other, revision: 2)));

        var events = (await running.DrainAsync()).Cast<SourceEvent.NetworkChanged>().ToList();
        Assert.Equal([Make.Network, Make.Other], events.Select(change => change.NetworkId.Value));
        Assert.Equal([0, 1], events.Select(change => change.Snapshot!.Ports.Count));
    }

    [Fact]
    public async Task A_port_of_an_unknown_network_makes_the_host_ask_for_it()
    {
        const string Unknown = "11111111-0000-4000-8000-000000000009";
        await using var running = await RunningSource.StartAsync(Serving());
        running.Transport.Cast("port_create_end", Make.Payload(Make.PortOf(1, network: Unknown)));

        var change = await running.NextAsync<SourceEvent.NetworkChanged>();
        Assert.Null(change.Snapshot);
        Assert.Equal(Unknown, change.NetworkId.Value);
        Assert.Single(change.AwaitedPorts);
    }

    [Fact]
    public async Task A_late_port_of_a_network_that_was_just_taken_away_means_nothing()
    {
        await using var running = await RunningSource.StartAsync(Serving(Make.PortOf(1)));
        running.Transport.Cast("network_delete_end", new JsonObject { ["network_id"] = Make.Network });
        running.Transport.Cast("port_create_end", Make.Payload(Make.PortOf(2)));
        Assert.IsType<SourceEvent.NetworkRemoved>(Assert.Single(await running.DrainAsync()));
    }

    [Fact]
    public async Task Snapshots_say_by_their_revision_which_is_the_newer_one()
    {
        await using var running = await RunningSource.StartAsync(Serving());
        for (var number = 1; number <= 3; number++)
        {
            running.Transport.Cast("port_create_end", Make.Payload(Make.PortOf(number)));
        }

        var revisions = (await running.DrainAsync()).Cast<SourceEvent.NetworkChanged>().Select(change => change.Snapshot!.RevisionNumber).ToList();
        Assert.Equal(revisions.Order().Distinct(), revisions);
    }

    private static JsonObject Deleted(int number) =>
        new() { ["port_id"] = Make.PortId(number), ["network_id"] = Make.Network, ["fixed_ips"] = new JsonArray(), ["priority"] = 6 };
}

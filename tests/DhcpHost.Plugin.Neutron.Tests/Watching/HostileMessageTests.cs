using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Neutron;
using DhcpHost.Neutron.Notifications;
using DhcpHost.Plugin.Neutron.Messaging;
using DhcpHost.Plugin.Neutron.Tests.Fakes;
using DhcpHost.Testing;

namespace DhcpHost.Plugin.Neutron.Tests.Watching;

/// <summary>Messages that Neutron never sends are dropped and counted; those after them are read.</summary>
public sealed class HostileMessageTests
{
    private static readonly string[] Methods =
    [
        "network_create_end", "network_update_end", "network_delete_end", "subnet_create_end", "subnet_update_end", "subnet_delete_end",
        "port_create_end", "port_update_end", "port_delete_end", "agent_updated", "no_such_method",
    ];

    private static readonly string[] Bodies =
    [
        "null", "1", "[]", "\"x\"", "{}", """{"payload": null}""", """{"payload": []}""", """{"payload": {"network": 1, "subnet": 1, "port": 1}}""",
        """{"payload": {"port": {"id": {}, "network_id": []}, "port_id": 7, "network_id": {}, "network": {"id": "../../etc"}, "subnet": {"network_id": "a b"}}}""",
        """{"payload": {"port": {"id": "p", "network_id": "n", "mac_address": "zz", "revision_number": 1e99}, "priority": "high"}}""",
        """{"payload": {"admin_state_up": "yes"}}""",
    ];

    [Fact]
    public async Task Whatever_comes_the_next_message_is_read()
    {
        var transport = new FakeTransport();
        transport.On("get_active_networks_info", _ => new JsonArray(Make.NetworkOf(Make.Network)));
        await using var running = await RunningSource.StartAsync(transport);
        foreach (var method in Methods)
        {
            foreach (var body in Bodies)
            {
                using var document = JsonDocument.Parse(body);
                transport.Cast(method, document.RootElement.Clone());
            }
        }

        transport.Tell(new RpcEvent.Dropped("not JSON"));
        _ = await running.DrainAsync();
        transport.Cast("port_create_end", Make.Payload(Make.PortOf(1)));
        Assert.Single((await running.NextAsync<SourceEvent.NetworkChanged>()).Snapshot!.Ports);
    }

    [Fact]
    public async Task A_port_with_more_addresses_than_any_port_has_is_dropped()
    {
        var transport = new FakeTransport();
        transport.On("get_active_networks_info", _ => new JsonArray(Make.NetworkOf(Make.Network)));
        await using var running = await RunningSource.StartAsync(transport);
        var huge = Make.PortOf(1);
        huge["fixed_ips"] = new JsonArray(
            [.. Enumerable.Range(0, 5000).Select(ip => new JsonObject { ["subnet_id"] = Make.Subnet, ["ip_address"] = $"10.0.{ip >> 8}.{ip & 255}" })]);
        transport.Cast("port_create_end", Make.Payload(huge));
        Assert.Empty(await running.DrainAsync());
    }

    [Fact]
    public void Damaged_messages_are_read_or_refused_and_nothing_else() =>
        Gen.Int.Sample(
            seed =>
            {
                var (method, payload) = Recorded.Casts.ElementAt((int)((uint)seed % (uint)Recorded.Casts.Count()));
                var text = new TextMutator(seed).Mutate(new JsonObject { ["payload"] = payload.DeepClone() }.ToJsonString());
                try
                {
                    using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(text));
                    _ = NotificationReader.Read(method, document.RootElement);
                }
                catch (Exception exception) when (exception is JsonException or NeutronFormatException)
                {
                    return;
                }
            },
            iter: 20_000);

    [Fact]
    public async Task A_port_with_a_bad_part_is_served_without_it_and_a_list_keeps_what_is_good()
    {
        var transport = new FakeTransport();
        var bad = Make.NetworkOf(Make.Network, Make.PortOf(1), Make.PortOf(2));
        bad["ports"]![0]!["mac_address"] = 17;
        transport.On("get_active_networks_info", _ => new JsonArray(bad.DeepClone(), "nonsense", Make.NetworkOf(Make.Other)));
        await using var running = await RunningSource.StartAsync(transport);
        var networks = await running.Source.ListAsync(CancellationToken.None);
        Assert.Equal(2, networks.Count);
        var health = await running.NextAsync<SourceEvent.HealthChanged>(change => !change.Health.Problems.IsEmpty);
        Assert.Contains("mac_address", Assert.Single(health.Health.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_network_that_cannot_be_read_stays_as_it_was()
    {
        var transport = new FakeTransport();
        transport.On("get_active_networks_info", _ => new JsonArray(Make.NetworkOf(Make.Network)));
        await using var running = await RunningSource.StartAsync(transport);
        transport.On("get_active_networks_info", _ => new JsonArray(new JsonObject { ["id"] = Make.Network, ["mtu"] = "big" }));
        Assert.Equal(1450, Assert.Single(await running.Source.ListAsync(CancellationToken.None)).Mtu);
    }
}

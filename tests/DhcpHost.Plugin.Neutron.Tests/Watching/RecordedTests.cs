using DhcpHost.Abstractions.Sources;
using DhcpHost.Neutron.Notifications;
using DhcpHost.Plugin.Neutron.Tests.Fakes;

namespace DhcpHost.Plugin.Neutron.Tests.Watching;

/// <summary>What a real neutron-server sent is understood, and what is asked of it is what its own agent asked.</summary>
public sealed class RecordedTests
{
    [Fact]
    public void Every_recorded_cast_is_read_and_no_part_of_it_is_refused()
    {
        foreach (var (method, payload) in Recorded.Casts)
        {
            var arguments = System.Text.Json.JsonSerializer.SerializeToElement(new System.Text.Json.Nodes.JsonObject { ["payload"] = payload.DeepClone() });
            var notification = NotificationReader.Read(method, arguments);
            Assert.NotNull(notification);
            Assert.True(notification is not Notification.PortChanged port || port.Refusals.IsEmpty, method);
        }
    }

    [Fact]
    public async Task The_recorded_life_of_a_network_is_followed()
    {
        var transport = new FakeTransport();
        var infos = new Queue<System.Text.Json.Nodes.JsonNode?>(Recorded.Answers("get_network_info"));
        transport.On("get_network_info", _ => infos.Dequeue());
        transport.On("get_active_networks_info", _ => Recorded.Answers("get_active_networks_info")[0]!.DeepClone());
        await using var running = await RunningSource.StartAsync(transport);
        var listed = await running.Source.ListAsync(CancellationToken.None);
        Assert.Equal(3, Assert.Single(listed).Ports.Count);

        var casts = Recorded.Casts.ToList();
        var id = new DhcpHost.Abstractions.Networks.NetworkId(casts[0].Payload["network"]!["id"]!.GetValue<string>());
        foreach (var (method, payload) in casts.Take(2))
        {
            running.Transport.Cast(method, payload);
        }

        Assert.All(await running.DrainAsync(), item => Assert.Null(Assert.IsType<SourceEvent.NetworkChanged>(item).Snapshot));
        Assert.Empty((await running.Source.GetAsync(id, CancellationToken.None))!.Ports);

        // Its own port is made, then a port of a machine, which is changed and deleted; the network is put down, up, and deleted.
        foreach (var (method, payload) in casts.Skip(2))
        {
            running.Transport.Cast(method, payload);
        }

        var snapshots = (await running.DrainAsync()).OfType<SourceEvent.NetworkChanged>().Where(change => change.Snapshot is not null).ToList();
        Assert.Equal([1, 1, 2, 2, 1, 1, 0], snapshots.Select(change => change.Snapshot!.Ports.Count));
        Assert.Equal([0, 0, 1, 1, 0, 0, 0], snapshots.Select(change => change.AwaitedPorts.Count));
        Assert.False(snapshots[^1].Snapshot!.AdminStateUp);
    }
}

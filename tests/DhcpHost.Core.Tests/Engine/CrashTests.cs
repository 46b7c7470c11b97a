using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Tests.Fakes;

namespace DhcpHost.Core.Tests.Engine;

public class CrashTests
{
    private const int Rounds = 200;

    [Fact]
    public async Task Killed_at_any_point_and_started_again_it_converges_without_a_duplicate_or_an_orphan()
    {
        using var world = new World();
        var random = new Random(20261122);
        for (var round = 0; round < Rounds; round++)
        {
            Shuffle(world.Source, random);
            var life = new HostLife(world, options: options => options.OrphanGraceTime = TimeSpan.Zero);
            life.Fence.CloseAt(random.Next(1, 30), afterwards: random.Next(2) == 0);
            _ = StartAsync(life);
            await Task.WhenAny(life.Fence.Closed, Task.Delay(random.Next(5, 40), TestContext.Current.CancellationToken));
            await life.CrashAsync();
            await life.DisposeAsync();
        }

        // The last life lives.
        var last = await HostLife.StartAsync(world, options: options => options.OrphanGraceTime = TimeSpan.Zero);
        await last.SyncedAsync();
        await Soon.TrueAsync(() => last.Engine.Networks.All(status => status.Phase is NetworkPhase.Ready or NetworkPhase.Disabled));
        await last.Engine.SweepOrphansAsync(dryRun: false, TestContext.Current.CancellationToken);

        var served = world.Source.Networks.Values.Where(network => network.AdminStateUp).ToDictionary(network => new ServerKey(network.Id));
        await Soon.TrueAsync(
            () => world.Machine.Servers.Count == served.Count && world.Interfaces.Made.Count == served.Count && last.State.Networks.Count == served.Count);
        Assert.Equal(1, world.Machine.MostForOneKey);
        Assert.All(world.Machine.Servers, server => Assert.Equal(
            [.. served[server.Plan.Server].Ports.Select(port => port.Id)], server.Plan.Network.Ports.Select(port => port.Id).SkipLast(1)));
        Assert.Equal(
            served.Keys.Order(Comparer<ServerKey>.Create((a, b) => a.NetworkId.CompareTo(b.NetworkId))),
            world.Interfaces.Made.Keys.OrderBy(key => key.NetworkId));
        Assert.Equal(served.Count, world.Source.HostPorts.Count);
        await last.DisposeAsync();
    }

    private static async Task StartAsync(HostLife life)
    {
        try
        {
            await life.Engine.StartAsync(TestContext.Current.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            // It died while it started.
        }
    }

    private static void Shuffle(FakeSource source, Random random)
    {
        for (var i = 0; i < 4; i++)
        {
            var id = new NetworkId($"n{random.Next(8)}");
            switch (random.Next(4))
            {
                case 0:
                    source.Networks.TryRemove(id, out _);
                    break;
                case 1:
                    source.Networks[id] = Sample.Network(id.Value, ports: random.Next(5)) with { AdminStateUp = false };
                    break;
                default:
                    source.Networks[id] = Sample.Network(id.Value, ports: random.Next(5));
                    break;
            }
        }
    }
}

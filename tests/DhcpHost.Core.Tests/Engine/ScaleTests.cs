using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Tests.Fakes;

namespace DhcpHost.Core.Tests.Engine;

[Collection(AloneCollection.Name)]
public class ScaleTests
{
    [Fact]
    public async Task Two_thousand_networks_are_served_in_seconds_and_adopted_in_less()
    {
        using var world = new World();
        foreach (var number in Enumerable.Range(0, 2_000))
        {
            world.Source.Networks[new($"n{number}")] = Sample.Network($"n{number}", ports: 10);
        }

        var began = TimeProvider.System.GetTimestamp();
        var first = await HostLife.StartAsync(world);
        await first.SyncedAsync();
        var serving = TimeProvider.System.GetElapsedTime(began);
        Assert.Equal(2_000, first.Engine.Status.Phases["ready"]);
        Assert.True(serving < TimeSpan.FromSeconds(90), $"{serving}");

        // Bounded: what a resync of unchanged networks allocates does not come near what applying them would.
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await first.Engine.ResyncAllAsync("test", TestContext.Current.CancellationToken);
        await first.SyncedAsync();
        var allocated = (GC.GetTotalAllocatedBytes(precise: true) - before) / 2_000;
        Assert.True(allocated < 8_000, $"{allocated} bytes a network");
        await first.CrashAsync();

        began = TimeProvider.System.GetTimestamp();
        await using var second = await HostLife.StartAsync(world);
        var started = TimeProvider.System.GetElapsedTime(began);
        Assert.Equal(2_000, second.Engine.Status.AdoptedServers);
        Assert.True(started < TimeSpan.FromSeconds(30), $"{started}");
        await second.SyncedAsync();
        Assert.Equal(2_000, world.Machine.Starts);
        Assert.All(world.Machine.Servers, server => Assert.Equal(0, server.Reloads));
        Assert.Equal(2_000, second.Engine.Networks.Count(status => status.Phase == NetworkPhase.Ready));
        TestContext.Current.TestOutputHelper?.WriteLine($"2000 networks: served in {serving}, adopted in {started}, resync {allocated} bytes a network");
    }
}

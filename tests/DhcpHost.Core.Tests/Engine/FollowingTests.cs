using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Engine;
using DhcpHost.Core.Tests.Fakes;

namespace DhcpHost.Core.Tests.Engine;

/// <summary>Who follows the statuses of networks.</summary>
public sealed class FollowingTests
{
    private readonly NetworkTable _table = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_network_is_followed_from_its_first_work_to_its_service()
    {
        using var world = new World();
        await using var life = await HostLife.StartAsync(world);
        await life.SyncedAsync();
        await using var statuses = life.Engine.WatchAsync(Token).GetAsyncEnumerator(Token);
        var first = statuses.MoveNextAsync().AsTask();
        world.Source.Put(Sample.Network("a"));

        Assert.True(await first);
        Assert.Equal("a", statuses.Current.Id.Value);
        while (statuses.Current.Phase != NetworkPhase.Ready)
        {
            Assert.True(await statuses.MoveNextAsync());
        }

        Assert.Equal(statuses.Current, life.Engine.FindStatus(new("a")));
    }

    [Fact]
    public async Task A_follower_is_told_that_a_network_is_gone()
    {
        using var world = new World();
        world.Source.Networks[new("a")] = Sample.Network("a");
        await using var life = await HostLife.StartAsync(world);
        await life.PhaseAsync(new("a"), NetworkPhase.Ready);
        await using var statuses = life.Engine.WatchAsync(Token).GetAsyncEnumerator(Token);
        var first = statuses.MoveNextAsync().AsTask();
        world.Source.Remove(new("a"));

        Assert.True(await first);
        while (statuses.Current.Phase != NetworkPhase.Removed)
        {
            Assert.True(await statuses.MoveNextAsync());
        }

        Assert.Equal("a", statuses.Current.Id.Value);
        Assert.Empty(statuses.Current.Servers);
        await Soon.TrueAsync(() => life.Engine.Networks.Count == 0 && life.Engine.FindStatus(new("a")) is null);
        Assert.DoesNotContain("removed", life.Engine.Status.Phases.Keys);
    }

    [Fact]
    public async Task A_slow_follower_gets_the_newest_status_of_each_network_once()
    {
        await using var follower = _table.WatchAsync(Token).GetAsyncEnumerator(Token);
        var first = follower.MoveNextAsync().AsTask();
        Publish("a", "first");
        Assert.True(await first);
        for (var number = 0; number < 1000; number++)
        {
            Publish("a", $"{number}");
            Publish("b", $"{number}");
        }

        Assert.Equal("first", follower.Current.Message);
        var seen = new List<(string, string?)>();
        for (var i = 0; i < 2; i++)
        {
            Assert.True(await follower.MoveNextAsync());
            seen.Add((follower.Current.Id.Value, follower.Current.Message));
        }

        Assert.Equal([("a", "999"), ("b", "999")], seen.Order());

        // Nothing more waits: the next one is the next news.
        var next = follower.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);
        Publish("a", "last");
        Assert.True(await next);
        Assert.Equal("last", follower.Current.Message);
    }

    [Fact]
    public async Task Each_follower_gets_all_that_comes_after_it_began_and_the_end_of_one_is_nobody_elses()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await using var early = _table.WatchAsync(stop.Token).GetAsyncEnumerator(stop.Token);
        var toEarly = early.MoveNextAsync().AsTask();
        Publish("a", "one");
        Assert.True(await toEarly);
        await using var late = _table.WatchAsync(Token).GetAsyncEnumerator(Token);
        var toLate = late.MoveNextAsync().AsTask();
        toEarly = early.MoveNextAsync().AsTask();
        Publish("b", "two");
        Assert.True(await toEarly && await toLate);
        Assert.Equal(("b", "b"), (early.Current.Id.Value, late.Current.Id.Value));

        toEarly = early.MoveNextAsync().AsTask();
        toLate = late.MoveNextAsync().AsTask();
        await stop.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await toEarly);
        Publish("a", "three");
        Assert.True(await toLate);
        Assert.Equal("three", late.Current.Message);
    }

    private void Publish(string network, string message)
    {
        var id = new NetworkId(network);
        _table.Publish(
            _table.GetOrAdd(id), new() { Id = id, Source = new("lab"), Phase = NetworkPhase.Ready, Since = DateTimeOffset.UnixEpoch, Message = message });
    }
}

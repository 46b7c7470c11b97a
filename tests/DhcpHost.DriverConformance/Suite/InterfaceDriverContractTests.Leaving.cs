using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using Xunit;

namespace DhcpHost.DriverConformance.Suite;

public abstract partial class InterfaceDriverContractTests
{
    [Fact]
    public async Task Preview_tells_every_step_and_touches_nothing()
    {
        var preview = await Driver.PreviewAsync(Plan("10.0.0.2/24"), null, Token);

        Assert.Equal(ApplyAction.Started, preview.Action);
        Assert.Contains(preview.Changes, change => change.Subject.StartsWith("address 10.0.0.2/24", StringComparison.Ordinal));
        Assert.False(Lab.Namespaces.Exists("qdhcp-" + Network));
        Assert.Empty(await Driver.DiscoverAsync(Token));
    }

    [Fact]
    public async Task Recover_tells_what_became_of_the_interface()
    {
        var result = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        Assert.Equal(RecoverOutcome.Recovered, (await Driver.RecoverAsync(result.Handle, Token)).Outcome);

        await TakeAwayAsync(result.Interface);

        Assert.Equal(RecoverOutcome.Gone, (await Driver.RecoverAsync(result.Handle, Token)).Outcome);
        Assert.Equal(RecoverOutcome.Gone, (await Driver.RecoverAsync(result.Handle with { Version = 99 }, Token)).Outcome);
        Assert.Equal(RecoverOutcome.Gone, (await Driver.RecoverAsync(result.Handle with { State = "{" }, Token)).Outcome);
    }

    [Fact]
    public async Task Remove_leaves_nothing_and_may_be_repeated()
    {
        var result = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);

        await Driver.RemoveAsync(result.Handle, RemoveReason.NetworkGone, Token);
        await Driver.RemoveAsync(result.Handle, RemoveReason.NetworkGone, Token);

        Assert.False(Lab.Namespaces.Exists(result.Interface.Namespace));
        Assert.Null(Lab.Host.FindLink(HostDevice(result.Interface)));
        Assert.Empty(await Driver.DiscoverAsync(Token));
    }

    [Fact]
    public async Task Remove_leaves_a_namespace_in_which_something_else_lives()
    {
        var result = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        using var inside = await OpenAsync(result.Interface.Namespace);
        inside.Execute(batch => batch.CreateBridge("theirs"));

        await Driver.RemoveAsync(result.Handle, RemoveReason.NetworkGone, Token);

        Assert.Null(inside.FindLink(result.Interface.Device));
        Assert.True(Lab.Namespaces.Exists(result.Interface.Namespace));
        Assert.True(Lab.Namespaces.Delete(result.Interface.Namespace));
    }

    [Fact]
    public async Task Twenty_networks_are_made_at_once()
    {
        var plans = Enumerable.Range(0, 20)
            .Select(_ => Plan(new NetworkId(Guid.NewGuid().ToString()), new(Guid.NewGuid().ToString()), "10.0.0.2/24"))
            .ToArray();

        var results = await Task.WhenAll(plans.Select(plan => Driver.ApplyAsync(plan, null, Token)));

        Assert.All(results, result => Assert.Equal(ApplyAction.Started, result.Action));
        Assert.Equal(20, (await Driver.DiscoverAsync(Token)).Count);
    }

    [Fact]
    public async Task An_interface_that_is_taken_away_is_told_at_once()
    {
        var result = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        await using var events = Driver.WatchAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await events.MoveNextAsync());
        var health = Assert.IsType<DriverEvent.HealthChanged>(events.Current).Health;
        Assert.True(health.IsHealthy, health.Message);

        await TakeAwayAsync(result.Interface);

        Assert.Equal(result.Handle.Server, (await NextDriftAsync(events)).Server);
    }

    [Fact]
    public async Task A_namespace_that_is_deleted_is_told_at_once()
    {
        var result = await Driver.ApplyAsync(Plan("10.0.0.2/24"), null, Token);
        using var holder = await OpenAsync(result.Interface.Namespace);
        await using var events = Driver.WatchAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await events.MoveNextAsync());

        Assert.True(Lab.Namespaces.Delete(result.Interface.Namespace));

        Assert.Equal(result.Handle.Server, (await NextDriftAsync(events)).Server);
    }
}

using System.Text.Json;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Scripting.Tests;

/// <summary>Every decision that changes something is in the history with its input, and only those.</summary>
public class DecisionEventsTests
{
    private const string Decided = "policy.decided";

    [Fact]
    public async Task What_the_host_would_do_anyway_is_not_recorded()
    {
        await using var lab = new ScriptLab();
        lab.Write("policies/admit-network.csx", "Decide(c => AdmitDecision.Admit);");
        await lab.StartAsync();

        _ = lab.Admit();
        _ = lab.Admit();

        Assert.Empty(lab.Events.Of(Decided));
    }

    [Fact]
    public async Task A_decision_other_than_the_host_s_own_is_recorded_once_with_its_input()
    {
        await using var lab = new ScriptLab();
        lab.Write("policies/admit-network.csx", "Decide(c => AdmitDecision.Refuse($\"not {c.Network.Name}\"));");
        await lab.StartAsync();

        _ = lab.Admit("n1");
        _ = lab.Admit("n1");
        _ = lab.Admit("n2");

        var events = lab.Events.Of(Decided);
        Assert.Equal(2, events.Count);
        Assert.Equal(new NetworkId("n1"), events[0].NetworkId);
        Assert.Contains("not n1", events[0].Message);
        var details = JsonDocument.Parse(events[0].Details!).RootElement;
        Assert.Equal("n1", details.GetProperty("input").GetProperty("network").GetProperty("id").GetString());
        Assert.Equal("files", details.GetProperty("input").GetProperty("source").GetString());
        Assert.StartsWith("admit-network.csx@", details.GetProperty("origin").GetString());
        Assert.False(details.GetProperty("decided").GetProperty("is_admitted").GetBoolean());
    }

    [Fact]
    public async Task A_decision_that_changes_back_is_recorded_with_the_one_before()
    {
        await using var lab = new ScriptLab();
        lab.Write("policies/admit-network.csx", "Decide(c => AdmitDecision.Refuse(\"no\"));");
        await lab.StartAsync();
        _ = lab.Admit();
        await lab.PutAsync("policies/admit-network.csx", "Decide(c => AdmitDecision.Admit);");

        _ = lab.Admit();

        var last = lab.Events.Of(Decided)[^1];
        Assert.Equal("no", JsonDocument.Parse(last.Details!).RootElement.GetProperty("before").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task The_details_of_a_huge_network_are_bounded_and_still_JSON()
    {
        await using var lab = new ScriptLab();
        lab.Write("policies/admit-network.csx", "Decide(c => AdmitDecision.Refuse(\"no\"));");
        await lab.StartAsync();
        var labels = new EquatableMap(Enumerable.Range(0, 2000).Select(index => KeyValuePair.Create($"label{index}", new string('x', 50))));

        _ = lab.Policies.AdmitNetwork(new() { Network = new() { Id = new("big"), Labels = labels }, Source = new("files"), ServedNetworks = 0 });

        var details = Assert.Single(lab.Events.Of(Decided)).Details!;
        Assert.True(details.Length < 8192, $"{details.Length} characters");
        Assert.True(JsonDocument.Parse(details).RootElement.GetProperty("is_truncated").GetBoolean());
    }

    [Fact]
    public async Task Retries_are_recorded_when_they_end_in_quarantine_not_for_their_jitter()
    {
        await using var lab = new ScriptLab();
        await lab.StartAsync();

        for (var attempt = 1; attempt <= 12; attempt++)
        {
            _ = lab.Policies.RetryDelay(new()
            {
                NetworkId = new("n"),
                Kind = Abstractions.Failures.FailureKind.Transient,
                Message = "m",
                Attempt = attempt,
                Random = 0.1 * (attempt % 7),
                MinDelay = TimeSpan.FromSeconds(1),
                MaxDelay = TimeSpan.FromMinutes(5),
                MaxAttempts = 10,
            });
        }

        Assert.Contains("11 failures in a row", Assert.Single(lab.Events.Of(Decided)).Message);
    }

    [Fact]
    public async Task A_storm_of_decisions_is_bounded_and_says_how_many_were_left_out()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        await using var lab = new ScriptLab(timeProvider: time);
        lab.Write("policies/admit-network.csx", "Decide(c => AdmitDecision.Refuse(\"no\"));");
        await lab.StartAsync();

        for (var index = 0; index < 6000; index++)
        {
            _ = lab.Admit($"n{index}");
        }

        Assert.Equal(5000, lab.Events.Of(Decided).Count);
        time.Advance(TimeSpan.FromSeconds(1));
        _ = lab.Admit("later");
        Assert.Contains("1000 before it were too many", lab.Events.Of(Decided)[^1].Message);
    }

    [Fact]
    public async Task A_pool_s_size_is_no_event_of_the_policy_for_the_pool_tells_of_its_changes()
    {
        await using var lab = new ScriptLab();
        lab.Write("policies/pool-size.csx", "Decide(c => c.Pending * 100);");
        await lab.StartAsync();

        Assert.Equal((100, 200, 0), (lab.PoolSize(1).Value, lab.PoolSize(2).Value, lab.PoolSize(0).Value));
        Assert.Empty(lab.Events.Of(Decided));
    }
}

using System.Text.Json.Nodes;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Plugin.Neutron.Messaging;
using DhcpHost.Plugin.Neutron.Tests.Fakes;
using DhcpHost.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Plugin.Neutron.Tests.Reporting;

/// <summary>Neutron is told at once, and again and again, that this agent lives.</summary>
public sealed class AgentReporterTests : IAsyncDisposable
{
    private readonly FakeTransport _transport = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 13, 59, 40, TimeSpan.Zero));

    public ValueTask DisposeAsync() => _transport.DisposeAsync();

    [Fact]
    public async Task The_first_report_comes_before_the_first_list_and_says_what_Neutrons_own_agent_says()
    {
        _transport.On("get_active_networks_info", _ => new JsonArray(Make.NetworkOf(Make.Network)));
        await using var running = await RunningSource.StartAsync(_transport, timeProvider: _time);
        Assert.Equal(["report_state", "get_active_networks_info"], _transport.Calls.Select(call => call.Method));

        var recorded = Recorded.Calls.First(call => call["method"]!.GetValue<string>() == "report_state")["args"]!.DeepClone();
        var told = _transport.ArgumentsOf("report_state").Single().DeepClone();
        var state = told["agent_state"]!["agent_state"]!.AsObject();
        Assert.True(state["start_flag"]!.GetValue<bool>());
        Assert.Equal("2026-11-22T13:59:40.000000", told["time"]!.GetValue<string>());
        state.Remove("start_flag");
        foreach (var one in new[] { recorded, told })
        {
            one.AsObject().Remove("time");
            one["agent_state"]!["agent_state"]!.AsObject().Remove("uuid");
            foreach (var count in new[] { "networks", "subnets", "ports" })
            {
                one["agent_state"]!["agent_state"]!["configurations"]![count] = 0;
            }
        }

        Assert.True(JsonNode.DeepEquals(recorded, told), told.ToJsonString());
    }

    [Fact]
    public async Task Later_reports_come_at_the_interval_and_count_what_is_known()
    {
        _transport.On("get_active_networks_info", _ => new JsonArray(Make.NetworkOf(Make.Network, Make.PortOf(1), Make.PortOf(2))));
        await using var running = await RunningSource.StartAsync(_transport, timeProvider: _time);
        await Eventually.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(10));
                return _transport.Count("report_state") >= 3;
            },
            TimeSpan.FromSeconds(30),
            TestContext.Current.CancellationToken);

        var last = _transport.ArgumentsOf("report_state").Last()["agent_state"]!["agent_state"]!;
        Assert.Null(last["start_flag"]);
        Assert.Equal((1, 1, 2), (Count("networks"), Count("subnets"), Count("ports")));

        int Count(string what) => last["configurations"]![what]!.GetValue<int>();
    }

    [Fact]
    public async Task An_agent_that_was_taken_for_dead_reads_all_anew()
    {
        await using var running = await RunningSource.StartAsync(_transport, timeProvider: _time);
        _transport.On("report_state", _ => "revived");
        await Eventually.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(10));
                return _transport.Count("report_state") >= 2;
            },
            TimeSpan.FromSeconds(30),
            TestContext.Current.CancellationToken);
        Assert.Contains("revived", (await running.NextAsync<SourceEvent.ResyncNeeded>()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_that_fails_is_bad_health_and_is_made_again_soon()
    {
        _transport.On("report_state", _ => throw new RpcTimeoutException("no answer"));
        await using var running = await RunningSource.OpenAsync(_transport, new() { StartTime = TimeSpan.Zero });
        _transport.Connect();
        var health = await running.NextAsync<SourceEvent.HealthChanged>(change => change.Health.Message.Contains("no answer", StringComparison.Ordinal));
        Assert.False(health.Health.IsHealthy);

        _transport.On("report_state", _ => "alive");
        await running.NextAsync<SourceEvent.HealthChanged>(change => change.Health.IsHealthy);
    }

    [Fact]
    public async Task An_empty_list_is_not_believed_before_the_server_knows_the_agent()
    {
        _transport.On("report_state", _ => throw new RpcTimeoutException("no answer"));
        await using var running = await RunningSource.OpenAsync(_transport, new() { StartTime = TimeSpan.Zero });
        _transport.Connect();
        var failure = await Assert.ThrowsAsync<DhcpHostException>(() => running.Source.ListAsync(CancellationToken.None));
        Assert.Equal(FailureKind.Transient, failure.Kind);
    }

    [Fact]
    public async Task A_list_that_failed_for_want_of_a_broker_is_asked_for_when_it_is_there()
    {
        _transport.On("get_active_networks_info", _ => throw new RpcUnavailableException("no broker"));
        await using var running = await RunningSource.OpenAsync(_transport, new() { StartTime = TimeSpan.Zero });
        await Assert.ThrowsAsync<DhcpHostException>(() => running.Source.ListAsync(CancellationToken.None));
        _transport.Connect();
        _ = await running.NextAsync<SourceEvent.ResyncNeeded>();
    }

    [Fact]
    public async Task A_list_that_went_well_before_messages_were_received_is_asked_for_again_when_they_are()
    {
        _transport.On("get_active_networks_info", _ => new JsonArray(Make.NetworkOf(Make.Network)));
        await using var running = await RunningSource.OpenAsync(_transport, new() { StartTime = TimeSpan.Zero });
        Assert.Single(await running.Source.ListAsync(CancellationToken.None));
        _transport.Connect();
        Assert.Contains("only now", (await running.NextAsync<SourceEvent.ResyncNeeded>()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_follows_the_source_has_the_connection_for_calls_made_before_there_is_one_to_make()
    {
        await using var running = await RunningSource.OpenAsync(_transport);
        await Eventually.TrueAsync(() => _transport.IsOpened, TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken, "it is opened");
        Assert.Empty(_transport.Calls);
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Policies;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Engine;
using DhcpHost.Core.Jobs;
using DhcpHost.Core.Limits;
using DhcpHost.Core.Plugins;
using DhcpHost.Core.Scripts;
using DhcpHost.Http.Answers;
using DhcpHost.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Http.Tests;

public sealed class EndpointTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Status_TellsTheEngineAndWhatIsWrong()
    {
        await using var fixture = await ServerFixture.StartAsync();
        fixture.Engine.Status = new()
        {
            StartedAt = DateTimeOffset.UnixEpoch,
            IsSynced = true,
            Phases = new Dictionary<string, int> { ["ready"] = 2 },
            StateProblem = "disk full",
            Sources = new Dictionary<PluginId, SourceHealth> { [new("files")] = new() { IsHealthy = false, Message = "no such directory" } },
        };
        var text = await fixture.Client.GetStringAsync("/v1/status", Token);
        var status = JsonSerializer.Deserialize<HostStatus>(text, ModelJson.Options);
        Assert.NotNull(status);
        Assert.Equal(JsonSerializer.Serialize(status, ModelJson.Options), text);
        Assert.Equal(("1.2.3", Environment.ProcessId), (status.Version, status.ProcessId));
        Assert.Equal(["state store: disk full", "source files: no such directory"], status.Ready.Problems);
        Assert.True(status.Ready.IsReady);
        Assert.Equal(2, status.Engine.Phases["ready"]);
    }

    [Fact]
    public async Task Json_IsThatOfTheModel()
    {
        await using var fixture = await ServerFixture.StartAsync();
        var status = ServerFixture.StatusOf("lab", NetworkPhase.Quarantined) with
        {
            Drivers = new DriverSelection { Interface = new("bridge"), Dhcp = new("dnsmasq") },
            Failure = FailureKind.Transient,
        };
        fixture.Engine.Networks = [status];
        Assert.Equal(
            JsonSerializer.Serialize(new[] { status }, ModelJson.Options),
            await fixture.Client.GetStringAsync("/v1/networks", Token));
    }

    [Theory]
    [InlineData(false, false, HttpStatusCode.ServiceUnavailable)]
    [InlineData(true, false, HttpStatusCode.ServiceUnavailable)]
    [InlineData(true, true, HttpStatusCode.OK)]
    public async Task Ready_OnceTheFirstSyncIsThrough(bool isStarted, bool isSynced, HttpStatusCode expected)
    {
        await using var fixture = await ServerFixture.StartAsync();
        fixture.Engine.Status = new() { StartedAt = isStarted ? DateTimeOffset.UnixEpoch : null, IsSynced = isSynced, SyncDone = 1, SyncTotal = 4 };
        Assert.Equal(expected, (await fixture.Client.GetAsync("/readyz", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await fixture.Client.GetAsync("/healthz", Token)).StatusCode);
    }

    [Fact]
    public async Task Networks_ByPhase()
    {
        await using var fixture = await ServerFixture.StartAsync();
        fixture.Engine.Networks = [ServerFixture.StatusOf("a"), ServerFixture.StatusOf("b", NetworkPhase.Retrying)];
        var found = await fixture.GetAsync("/v1/networks?phase=retrying");
        Assert.Equal("b", Assert.Single(found.EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, (await fixture.Client.GetAsync("/v1/networks?phase=well", Token)).StatusCode);
    }

    [Fact]
    public async Task Network_WithWhatItsSourceTells()
    {
        await using var fixture = await ServerFixture.StartAsync();
        fixture.Engine.Networks = [ServerFixture.StatusOf("lab")];
        fixture.Engine.Sources[new("lab")] = new() { Id = new("lab"), Mtu = 1450 };
        var detail = await fixture.GetAsync("/v1/networks/lab");
        Assert.Equal("ready", detail.GetProperty("status").GetProperty("phase").GetString());
        Assert.Equal(1450, detail.GetProperty("network").GetProperty("mtu").GetInt32());
    }

    [Theory]
    [InlineData("GET", "/v1/networks/gone", HttpStatusCode.NotFound, "no-such-network")]
    [InlineData("GET", "/v1/networks/gone/leases", HttpStatusCode.NotFound, "no-such-network")]
    [InlineData("POST", "/v1/networks/gone/resync", HttpStatusCode.NotFound, "no-such-network")]
    [InlineData("GET", "/v1/networks/-x", HttpStatusCode.BadRequest, "bad-id")]
    [InlineData("GET", "/v1/networks/a%2Fb", HttpStatusCode.BadRequest, "bad-id")]
    [InlineData("GET", "/v1/networks/%00", HttpStatusCode.BadRequest, "bad-request")]
    [InlineData("GET", "/v1/events?network=-x", HttpStatusCode.BadRequest, "bad-id")]
    [InlineData("GET", "/v1/events?count=-1", HttpStatusCode.BadRequest, "bad-value")]
    [InlineData("GET", "/v1/events?count=10001", HttpStatusCode.BadRequest, "bad-value")]
    [InlineData("GET", "/v1/events?follow=perhaps", HttpStatusCode.BadRequest, "bad-value")]
    [InlineData("DELETE", "/v1/networks/lab/leases/nonsense", HttpStatusCode.BadRequest, "bad-value")]
    [InlineData("DELETE", "/v1/networks/lab/leases/7", HttpStatusCode.BadRequest, "bad-value")]
    [InlineData("DELETE", "/v1/networks/lab/leases/10.0.0.99", HttpStatusCode.NotFound, "no-such-lease")]
    [InlineData("POST", "/v1/plugins/gone/reload", HttpStatusCode.NotFound, "no-such-plugin")]
    [InlineData("POST", "/v1/jobs/gone/run", HttpStatusCode.NotFound, "no-such-job")]
    [InlineData("GET", "/v1/nothing", HttpStatusCode.NotFound, "no-such-path")]
    [InlineData("POST", "/v1/status", HttpStatusCode.MethodNotAllowed, "no-such-method")]
    public async Task Request_ThatCannotBeDone_IsAProblemWithItsType(string method, string path, HttpStatusCode status, string type)
    {
        await using var fixture = await ServerFixture.StartAsync();
        fixture.Engine.Networks = [ServerFixture.StatusOf("lab")];
        fixture.Engine.Leases[new("lab")] = [];
        using var request = new HttpRequestMessage(new(method), path);
        using var response = await fixture.Client.SendAsync(request, Token);
        if (type == "bad-request")
        {
            // The web server itself refuses what is no URL, before any of our code.
            Assert.Equal(status, response.StatusCode);
            return;
        }

        Assert.Equal(($"urn:dhcphost:problem:{type}", status), ((await ServerFixture.ProblemOfAsync(response)).Type, response.StatusCode));
    }

    [Fact]
    public async Task Leases_AreListedAndReleased()
    {
        await using var fixture = await ServerFixture.StartAsync();
        var id = new NetworkId("lab");
        fixture.Engine.Networks = [ServerFixture.StatusOf("lab"), ServerFixture.StatusOf("off", NetworkPhase.Disabled)];
        fixture.Engine.Leases[id] = [new() { Address = IPAddress.Parse("10.0.0.7") }, new() { Address = IPAddress.Parse("fd00::7"), Iaid = 4 }];
        Assert.Equal(2, (await fixture.GetAsync("/v1/networks/lab/leases")).GetArrayLength());
        Assert.Equal(HttpStatusCode.Accepted, (await fixture.Client.DeleteAsync("/v1/networks/lab/leases/fd00::7", Token)).StatusCode);
        Assert.Equal("10.0.0.7", Assert.Single(fixture.Engine.Leases[id]).Address.ToString());
        var lines = (await fixture.Client.GetStringAsync("/v1/leases", Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("""{"network_id":"lab","leases":[{"address":"10.0.0.7"}]}""", lines[0]);
        Assert.Equal("""{"network_id":"off","leases":[]}""", lines[1]);
    }

    [Theory]
    [InlineData(FailureKind.Transient, HttpStatusCode.ServiceUnavailable)]
    [InlineData(FailureKind.Conflict, HttpStatusCode.Conflict)]
    [InlineData(FailureKind.Gone, HttpStatusCode.NotFound)]
    [InlineData(FailureKind.Exhausted, HttpStatusCode.Conflict)]
    [InlineData(FailureKind.Invalid, HttpStatusCode.UnprocessableEntity)]
    [InlineData(FailureKind.Limit, HttpStatusCode.TooManyRequests)]
    [InlineData(FailureKind.Bug, HttpStatusCode.InternalServerError)]
    public async Task Failure_BecomesAProblemByItsKind(FailureKind kind, HttpStatusCode expected)
    {
        await using var fixture = await ServerFixture.StartAsync();
        fixture.Engine.Networks = [ServerFixture.StatusOf("lab")];
        fixture.Engine.BeforeLeases = _ => throw new DhcpHostException(kind, "the very cause");
        using var response = await fixture.Client.GetAsync("/v1/networks/lab/leases", Token);
        Assert.Equal(expected, response.StatusCode);
        var detail = (await ServerFixture.ProblemOfAsync(response)).Detail;
        Assert.Equal(kind != FailureKind.Bug, detail == "the very cause");
    }

    [Fact]
    public async Task Fault_NobodyExpected_TellsNothingOfItsInside()
    {
        await using var fixture = await ServerFixture.StartAsync();
        fixture.Engine.Networks = [ServerFixture.StatusOf("lab")];
        fixture.Engine.BeforeLeases = _ => throw new InvalidOperationException("secret inside");
        using var response = await fixture.Client.GetAsync("/v1/networks/lab/leases", Token);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.DoesNotContain("secret", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Driver_ThatHangs_IsGivenUpAtTheDeadline()
    {
        var time = new FakeTimeProvider();
        await using var fixture = await ServerFixture.StartAsync(timeProvider: time);
        fixture.Engine.Networks = [ServerFixture.StatusOf("lab")];
        var isReached = new TaskCompletionSource();
        fixture.Engine.BeforeLeases = token =>
        {
            isReached.SetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        };
        var pending = fixture.Client.GetAsync("/v1/networks/lab/leases", Token);
        await isReached.Task.WaitAsync(Eventually.DefaultDeadline, TimeProvider.System, Token);
        time.Advance(fixture.Options.RequestTime);
        using var response = await pending;
        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
    }

    [Fact]
    public async Task Resync_OfOneAndOfAll()
    {
        await using var fixture = await ServerFixture.StartAsync();
        fixture.Engine.Networks = [ServerFixture.StatusOf("lab")];
        Assert.Equal(HttpStatusCode.Accepted, (await fixture.Client.PostAsync("/v1/networks/lab/resync", null, Token)).StatusCode);
        Assert.Equal([new NetworkId("lab")], fixture.Engine.Resynced);
        using var all = await fixture.Client.PostAsJsonAsync("/v1/resync", new ResyncRequest("after maintenance"), ModelJson.Options, Token);
        Assert.Equal(3, (await all.Content.ReadFromJsonAsync<EngineAnswer>(ModelJson.Options, Token))?.Count);
        _ = await fixture.Client.PostAsync("/v1/resync", null, Token);
        Assert.Equal(["after maintenance", "asked for over the management API"], fixture.Engine.Reasons);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"reason":"a\nb"}""")]
    public async Task Resync_WithABodyThatIsNone_IsRefused(string body)
    {
        await using var fixture = await ServerFixture.StartAsync();
        using var content = new StringContent(body);
        using var response = await fixture.Client.PostAsync("/v1/resync", content, Token);
        Assert.Equal("urn:dhcphost:problem:bad-body", (await ServerFixture.ProblemOfAsync(response)).Type);
        Assert.Empty(fixture.Engine.Reasons);
    }

    [Fact]
    public async Task Resync_BeyondTheLimit_IsRefusedWithTheEnginesWords()
    {
        await using var fixture = await ServerFixture.StartAsync();
        fixture.Engine.Answer = new(false, "limits.resyncs_per_minute: 6 were made: again at 10:00:00");
        using var response = await fixture.Client.PostAsync("/v1/resync", null, Token);
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Contains("resyncs_per_minute", (await ServerFixture.ProblemOfAsync(response)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parts_AreListedAndSteered()
    {
        await using var fixture = await ServerFixture.StartAsync();
        fixture.Catalogs.Plugins = [new PluginStatus { Id = new("dnsmasq"), Directory = "/p", State = PluginState.Ready, Since = default }];
        fixture.Catalogs.Scripts = [new ScriptStatus { Name = "pool-size", IsCurrent = true }];
        fixture.Catalogs.Checked = [new ScriptStatus { Name = "pool-size", IsCurrent = false, Problems = ["a.csx(1,2): no"] }];
        fixture.Catalogs.Jobs = [new JobStatus { Name = "sweep", Action = "built-in sweep" }];
        Assert.Equal("ready", (await fixture.GetAsync("/v1/plugins"))[0].GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.OK, (await fixture.Client.PostAsync("/v1/plugins/dnsmasq/reload", null, Token)).StatusCode);
        Assert.Equal([new PluginId("dnsmasq")], fixture.Catalogs.Reloaded);
        Assert.True((await fixture.GetAsync("/v1/scripts"))[0].GetProperty("is_current").GetBoolean());
        using var check = await fixture.Client.PostAsync("/v1/scripts/check", null, Token);
        Assert.Contains("a.csx(1,2): no", await check.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        using var run = await fixture.Client.PostAsync("/v1/jobs/sweep/run", null, Token);
        Assert.Equal(1, (await run.Content.ReadFromJsonAsync<JobStatus>(ModelJson.Options, Token))?.Runs);
    }

    [Fact]
    public async Task Limits_ListEachOneWithItsUse()
    {
        await using var fixture = await ServerFixture.StartAsync();
        fixture.Engine.Status = new() { Workers = 3, Networks = 7, Servers = 9 };
        fixture.Engine.Networks = [ServerFixture.StatusOf("a") with { Ports = 12, Subnets = 2 }];
        var limits = await fixture.Client.GetFromJsonAsync<LimitUse[]>("/v1/limits", ModelJson.Options, Token);
        Assert.NotNull(limits);
        Assert.Equal(typeof(LimitsOptions).GetProperties().Length, limits.Length);
        Assert.Equal(new LimitUse("workers_max", 16, null, 3), limits.Single(limit => limit.Name == "workers_max"));
        Assert.Equal(new LimitUse("ports_per_network", 65536, null, 12), limits.Single(limit => limit.Name == "ports_per_network"));
        Assert.Equal(new LimitUse("retry_delay_max", 300, "s", null), limits.Single(limit => limit.Name == "retry_delay_max"));
        Assert.Equal(new LimitUse("request_bytes", 1 << 20, "bytes", null), limits.Single(limit => limit.Name == "request_bytes"));
    }

    [Fact]
    public async Task Plan_OfOneNetwork()
    {
        await using var fixture = await ServerFixture.StartAsync();
        fixture.Engine.Previews.AddRange([new() { Id = new("a"), Reason = "disabled" }, new() { Id = new("b") }]);
        Assert.Equal(2, (await fixture.GetAsync("/v1/plan")).GetArrayLength());
        Assert.Equal("disabled", Assert.Single((await fixture.GetAsync("/v1/plan?network=a")).EnumerateArray()).GetProperty("reason").GetString());
    }
}

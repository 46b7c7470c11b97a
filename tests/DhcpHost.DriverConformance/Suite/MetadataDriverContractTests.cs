using System.Text.Json;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using Xunit;

namespace DhcpHost.DriverConformance.Suite;

/// <summary>What every metadata driver keeps to, and what its proxies do for real clients. A driver's test project derives from it.</summary>
public abstract class MetadataDriverContractTests : IAsyncLifetime
{
    private LabMetadataSubject? _subject;

    /// <summary>The driver under test.</summary>
    protected LabMetadataSubject Subject => _subject!;

    /// <summary>The host's driver.</summary>
    protected IMetadataDriver Driver => Subject.Driver;

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Makes the driver under test, with the agent of the subject behind it.</summary>
    protected abstract Task<LabMetadataSubject> CreateSubjectAsync();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => _subject = await CreateSubjectAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_subject is not null)
        {
            await _subject.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Apply_starts_a_proxy_that_answers_instances_and_then_leaves_it_alone()
    {
        var plan = await Subject.NewPlanAsync("n1", Stop);
        var instance = await Subject.NewInstanceAsync(plan, 7, Stop);

        var first = await Driver.ApplyAsync(plan, null, Stop);
        var answer = await Subject.CurlAsync(instance, Stop, "http://169.254.169.254/latest/meta-data/?a=b");
        var second = await Driver.ApplyAsync(plan, first.Handle, Stop);

        Assert.Equal((ApplyAction.Started, ApplyAction.Unchanged), (first.Action, second.Action));
        Assert.NotEmpty(first.Reasons);
        Assert.Equal("instance data", answer.Output);
        var request = Assert.Single(Subject.Agent.Requests, request => request.Target != "/");
        Assert.Equal(("GET", "/latest/meta-data/?a=b"), (request.Method, request.Target));
        Assert.Equal(["10.77.0.7"], request["X-Forwarded-For"]);
        Assert.Equal(["n1"], request["X-Neutron-Network-ID"]);
        Assert.Equal(InspectState.Running, (await Driver.InspectAsync(second.Handle, Stop)).State);
    }

    [Fact]
    public async Task An_instance_without_an_IPv4_address_is_answered_by_its_link_local_one()
    {
        var plan = await Subject.NewPlanAsync("n1", Stop);
        var instance = await Subject.NewInstanceAsync(plan, 7, Stop);
        await instance.WaitForLinkLocalAsync(Stop);
        _ = await Driver.ApplyAsync(plan, null, Stop);

        var answer = await Subject.CurlAsync(instance, Stop, "http://[fe80::a9fe:a9fe%25eth0]/openstack");

        Assert.Equal("instance data", answer.Output);
        Assert.Equal(["fe80::f816:3eff:fe00:7"], Subject.Agent.Requests.Single(request => request.Target == "/openstack")["X-Forwarded-For"]);
    }

    [Fact]
    public async Task What_an_instance_says_of_itself_does_not_reach_the_agent()
    {
        var plan = await Subject.NewPlanAsync("n1", Stop);
        var instance = await Subject.NewInstanceAsync(plan, 7, Stop);
        _ = await Driver.ApplyAsync(plan, null, Stop);

        var answer = await Subject.CurlAsync(
            instance, Stop, "-H", "X-Neutron-Router-ID: evil", "-H", "X-Neutron-Network-ID: evil", "http://169.254.169.254/forged");

        Assert.Equal("instance data", answer.Output);
        var request = Subject.Agent.Requests.Single(request => request.Target == "/forged");
        Assert.Equal(["n1"], request["X-Neutron-Network-ID"]);
        Assert.Equal("10.77.0.7", request["X-Forwarded-For"][^1]);
        Assert.DoesNotContain(request.Headers, header => header.Value.Contains("evil", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Networks_with_the_same_addresses_are_told_apart()
    {
        MetadataPlan[] plans = [await Subject.NewPlanAsync("n1", Stop), await Subject.NewPlanAsync("n2", Stop)];
        foreach (var plan in plans)
        {
            _ = await Driver.ApplyAsync(plan, null, Stop);
            var instance = await Subject.NewInstanceAsync(plan, 7, Stop);
            Assert.Equal("instance data", (await Subject.CurlAsync(instance, Stop, $"http://169.254.169.254/{plan.Network.Id}")).Output);
        }

        Assert.All(plans, plan => Assert.Equal(
            [plan.Network.Id.Value], Subject.Agent.Requests.Single(request => request.Target == $"/{plan.Network.Id}")["X-Neutron-Network-ID"]));
    }

    [Fact]
    public async Task Without_the_agent_the_answer_is_503_and_with_it_again_it_is_the_agents()
    {
        var plan = await Subject.NewPlanAsync("n1", Stop);
        var instance = await Subject.NewInstanceAsync(plan, 7, Stop);
        _ = await Driver.ApplyAsync(plan, null, Stop);
        await Subject.Agent.DisposeAsync();

        Assert.Equal("503", await Subject.StatusAsync(instance, Stop));
        await using var again = RecordingUpstream.OnSocket(Subject.AgentSocket);
        File.SetUnixFileMode(Subject.AgentSocket, (UnixFileMode)0b110_110_110);
        again.Answer = ("404 Not Found", "no such instance");

        Assert.Equal("404", await Subject.StatusAsync(instance, Stop));
    }

    [Fact]
    public async Task A_handle_survives_being_stored()
    {
        var plan = await Subject.NewPlanAsync("n1", Stop);
        var handle = (await Driver.ApplyAsync(plan, null, Stop)).Handle;

        var stored = JsonSerializer.Deserialize<DriverHandle>(JsonSerializer.Serialize(handle, ModelJson.Options), ModelJson.Options)!;

        Assert.Equal(handle, stored);
        Assert.Equal((Driver.Info.Id, plan.Server), (handle.DriverId, handle.Server));
        Assert.Equal(ApplyAction.Unchanged, (await Driver.ApplyAsync(plan, stored, Stop)).Action);
    }

    [Fact]
    public async Task Preview_touches_nothing_and_tells_what_apply_then_does()
    {
        var plan = await Subject.NewPlanAsync("n1", Stop);

        Assert.Equal(ApplyAction.Started, (await Driver.PreviewAsync(plan, null, Stop)).Action);
        Assert.Empty(await Driver.DiscoverAsync(Stop));
        var handle = (await Driver.ApplyAsync(plan, null, Stop)).Handle;
        Assert.Equal(ApplyAction.Unchanged, (await Driver.PreviewAsync(plan, handle, Stop)).Action);

        var changed = plan with { Network = plan.Network with { Ports = [LabMetadataSubject.Instance(7), LabMetadataSubject.Instance(8)] } };
        var preview = await Driver.PreviewAsync(changed, handle, Stop);
        Assert.Equal(preview.Action, (await Driver.ApplyAsync(changed, handle, Stop)).Action);
        Assert.Equal(ApplyAction.Unchanged, (await Driver.ApplyAsync(changed, handle, Stop)).Action);
    }

    [Fact]
    public async Task After_a_restart_of_the_host_the_next_apply_has_it_answer()
    {
        var plan = await Subject.NewPlanAsync("n1", Stop);
        var instance = await Subject.NewInstanceAsync(plan, 7, Stop);
        var handle = (await Driver.ApplyAsync(plan, null, Stop)).Handle;

        await Subject.RestartHostAsync();

        var isOn = Driver.Capabilities.SurvivesHostRestart;
        Assert.Equal(isOn ? "200" : "000", await Subject.StatusAsync(instance, Stop));
        Assert.Equal(isOn ? RecoverOutcome.Recovered : RecoverOutcome.Gone, (await Driver.RecoverAsync(handle, Stop)).Outcome);
        Assert.Equal(isOn ? ApplyAction.Unchanged : ApplyAction.Started, (await Driver.ApplyAsync(plan, null, Stop)).Action);
        Assert.Equal("200", await Subject.StatusAsync(instance, Stop));
    }

    [Theory]
    [InlineData(RemoveReason.NetworkGone)]
    [InlineData(RemoveReason.Disabled)]
    public async Task Remove_ends_the_proxy_and_may_be_repeated(RemoveReason reason)
    {
        var plan = await Subject.NewPlanAsync("n1", Stop);
        var instance = await Subject.NewInstanceAsync(plan, 7, Stop);
        var handle = (await Driver.ApplyAsync(plan, null, Stop)).Handle;

        await Driver.RemoveAsync(handle, reason, Stop);
        await Driver.RemoveAsync(handle, reason, Stop);

        Assert.Equal("000", await Subject.StatusAsync(instance, Stop));
        Assert.Equal(InspectState.Missing, (await Driver.InspectAsync(handle, Stop)).State);
        Assert.Equal(RecoverOutcome.Gone, (await Driver.RecoverAsync(handle, Stop)).Outcome);
        Assert.Empty(await Driver.DiscoverAsync(Stop));
        Assert.Equal(ApplyAction.Started, (await Driver.ApplyAsync(plan, handle, Stop)).Action);
        Assert.Equal("200", await Subject.StatusAsync(instance, Stop));
    }

    [Fact]
    public async Task Many_proxies_are_applied_found_and_removed_at_once()
    {
        const int count = 6;
        var plans = new List<MetadataPlan>();
        for (var i = 0; i < count; i++)
        {
            plans.Add(await Subject.NewPlanAsync($"n{i}", Stop));
        }

        var results = await Task.WhenAll(plans.Select(plan => Driver.ApplyAsync(plan, null, Stop)));
        var found = await Driver.DiscoverAsync(Stop);
        await Task.WhenAll(found.Select(handle => Driver.RemoveAsync(handle, RemoveReason.NetworkGone, Stop)));

        Assert.All(results, result => Assert.Equal(ApplyAction.Started, result.Action));
        Assert.Equal(plans.Select(plan => plan.Server), found.Select(handle => handle.Server).OrderBy(server => server.NetworkId));
        Assert.Empty(await Driver.DiscoverAsync(Stop));
    }

    [Fact]
    public async Task A_watch_tells_health_first()
    {
        await using var events = Driver.WatchAsync(Stop).GetAsyncEnumerator(Stop);

        Assert.True(await events.MoveNextAsync());

        Assert.True(Assert.IsType<DriverEvent.HealthChanged>(events.Current).Health.IsHealthy);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_beforehand_does_nothing()
    {
        var plan = await Subject.NewPlanAsync("n1", Stop);

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Driver.ApplyAsync(plan, null, new CancellationToken(canceled: true)));

        Assert.Empty(await Driver.DiscoverAsync(Stop));
    }
}

using DhcpHost.Abstractions.Jobs;
using DhcpHost.Abstractions.Networks;
using static DhcpHost.Scheduling.Tests.SchedulerFixture;

namespace DhcpHost.Scheduling.Tests;

public sealed class ScriptJobHostTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_script_reaches_the_engine_and_the_history()
    {
        await using var fixture = new SchedulerFixture(TimeProvider.System);
        await RunAsync(fixture, host =>
        {
            host.Resync(new NetworkId("lab"));
            host.Record("leases.counted", new string('x', 5000));
        });
        Assert.Equal("resync lab", Assert.Single(fixture.Engine.Calls));
        var recorded = fixture.Events.Events.First();
        Assert.Equal("job.leases.counted", recorded.Kind);
        Assert.Equal(4096, recorded.Message.Length);
    }

    [Fact]
    public async Task A_script_knows_the_state_directory_of_its_host()
    {
        await using var fixture = new SchedulerFixture(TimeProvider.System);
        string? told = null;
        await RunAsync(fixture, host => told = host.StateDirectory);
        Assert.Equal(SchedulerFixture.StateDirectory, told);
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("line\nbreak")]
    [InlineData(" ")]
    public async Task A_script_cannot_record_a_kind_that_is_no_word(string kind)
    {
        await using var fixture = new SchedulerFixture(TimeProvider.System);
        var status = await RunAsync(fixture, host => host.Record(kind, "text"));
        Assert.True(status!.LastFailed);
        Assert.DoesNotContain(fixture.Events.Events, recorded => recorded.Message == "text");
    }

    private static async Task<Core.Jobs.JobStatus?> RunAsync(SchedulerFixture fixture, Action<IJobHost> body)
    {
        fixture.Scripts.Scripts["s"] = (host, _) =>
        {
            body(host);
            return Task.CompletedTask;
        };
        await fixture.Scheduler.StartAsync(Jobs(Script("s")), Token);
        return await fixture.Scheduler.RunNowAsync("s", Token);
    }
}

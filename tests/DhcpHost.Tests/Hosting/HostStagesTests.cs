using DhcpHost.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Tests.Hosting;

public sealed class HostStagesTests
{
    private readonly List<string> _calls = [];

    [Fact]
    public async Task Stages_stop_in_the_reverse_order_of_their_start()
    {
        var stages = Make(Stage("a"), Stage("b"), Stage("c"));
        await stages.StartAsync(TestContext.Current.CancellationToken);
        await stages.StopAsync();
        await stages.StopAsync();
        Assert.Equal(["+a", "+b", "+c", "-c", "-b", "-a"], _calls);
    }

    [Fact]
    public async Task A_stage_that_fails_to_start_is_stopped_with_those_before_it_and_none_behind_it_begins()
    {
        var stages = Make(Stage("a"), Stage("b", failsToStart: true), Stage("c"));
        await Assert.ThrowsAsync<IOException>(() => stages.StartAsync(TestContext.Current.CancellationToken));
        await stages.StopAsync();
        Assert.Equal(["+a", "+b", "-b", "-a"], _calls);
    }

    [Fact]
    public async Task A_stage_that_fails_to_stop_keeps_no_other_from_stopping()
    {
        var stages = Make(Stage("a"), Stage("b", failsToStop: true), Stage("c"));
        await stages.StartAsync(TestContext.Current.CancellationToken);
        await stages.StopAsync();
        Assert.Equal(["-c", "-b", "-a"], _calls[3..]);
    }

    private static HostStages Make(params HostStage[] stages) => new(stages, TimeProvider.System, NullLogger<HostStages>.Instance);

    private HostStage Stage(string name, bool failsToStart = false, bool failsToStop = false) => new(
        name,
        _ =>
        {
            _calls.Add($"+{name}");
            return failsToStart ? Task.FromException(new IOException(name)) : Task.CompletedTask;
        },
        () =>
        {
            _calls.Add($"-{name}");
            return failsToStop ? Task.FromException(new IOException(name)) : Task.CompletedTask;
        });
}

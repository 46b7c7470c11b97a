using DhcpHost.Abstractions.Status;
using DhcpHost.Hosting;
using DhcpHost.Testing;

namespace DhcpHost.Tests.Cli;

/// <summary>What becomes of a command whose output changes, goes on, or goes nowhere.</summary>
public sealed class OutputTests
{
    [Fact]
    public async Task Status_WatchedOnATerminal_ShowsNoNetworkThatIsGone()
    {
        await using var fixture = await StartAsync();
        fixture.Environment = fixture.Environment with { IsTerminal = true };
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = fixture.RunAsync(interrupt.Token, "status", "--watch", "--no-color");
        await WaitForAsync("3 networks: 1 ready, 1 retrying, 1 disabled   Ctrl-C ends");
        await Eventually.TrueAsync(() => fixture.Engine.Watchers == 1, cancellationToken: TestContext.Current.CancellationToken);

        fixture.Engine.Publish(fixture.Engine.Networks[2] with { Phase = NetworkPhase.Removed });

        await WaitForAsync("2 networks: 1 ready, 1 disabled   Ctrl-C ends");
        await interrupt.CancelAsync();
        Assert.Equal(ExitCodes.Success, await running);

        Task WaitForAsync(string caption) => Eventually.TrueAsync(
            () => fixture.Output.ToString().Contains(caption, StringComparison.Ordinal), cancellationToken: TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("status", "--watch")]
    [InlineData("events", "--follow")]
    public async Task WhatHasNoEnd_EndsWhenNobodyReadsIt(params string[] command)
    {
        await using var fixture = await StartAsync();
        var running = fixture.RunAsync(command);
        await Eventually.TrueAsync(
            () => fixture.Engine.Watchers + fixture.Events.Followers == 1, cancellationToken: TestContext.Current.CancellationToken);

        fixture.ReaderGone!();

        Assert.Equal(ExitCodes.Success, await running.WaitAsync(Eventually.DefaultDeadline, TestContext.Current.CancellationToken));
        Assert.Empty(fixture.Error.ToString());
    }

    [Fact]
    public async Task AnOutputThatCannotBeWritten_IsAFailureThatSaysWhy()
    {
        await using var fixture = await StartAsync();
        await using var device = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        await using var full = new StreamWriter(device) { AutoFlush = true };
        fixture.Environment = fixture.Environment with { Output = full };

        Assert.Equal(ExitCodes.Failure, await fixture.RunAsync("networks"));

        Assert.StartsWith("dhcphost: the output cannot be written: No space left on device", fixture.Error.ToString(), StringComparison.Ordinal);
        Assert.Single(fixture.Error.ToString().TrimEnd().Split('\n'));
    }

    private static async Task<CliFixture> StartAsync()
    {
        var fixture = new CliFixture();
        await fixture.StartAsync();
        return fixture;
    }
}

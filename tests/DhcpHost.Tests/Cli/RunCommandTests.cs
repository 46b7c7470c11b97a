using DhcpHost.Hosting;
using DhcpHost.Testing;

namespace DhcpHost.Tests.Cli;

/// <summary><c>run</c> on a terminal.</summary>
public sealed class RunCommandTests
{
    private readonly TaskCompletionSource<int> _host = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnApiThatFails_IsNoReasonToEndTheHost()
    {
        await using var fixture = await StartAsync();
        fixture.Engine.Status = null!;
        var running = fixture.RunAsync("run");
        var until = fixture.Time.GetUtcNow() + TimeSpan.FromSeconds(2);
        await PassTimeAsync(fixture, () => running.IsCompleted || fixture.Time.GetUtcNow() > until);

        Assert.False(running.IsCompleted);
        _host.SetResult(ExitCodes.Forced);
        Assert.Equal(ExitCodes.Forced, await running);
    }

    private static Task PassTimeAsync(CliFixture fixture, Func<bool> condition) => Eventually.TrueAsync(
        () =>
        {
            fixture.Time.Advance(TimeSpan.FromMilliseconds(100));
            return condition();
        },
        cancellationToken: Token);

    private async Task<CliFixture> StartAsync()
    {
        var fixture = new CliFixture();
        fixture.Environment = fixture.Environment with { IsErrorTerminal = true, Run = (_, _) => _host.Task };
        await fixture.StartAsync();
        return fixture;
    }
}

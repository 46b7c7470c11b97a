using DhcpHost.Abstractions.Failures;
using DhcpHost.Linux.Processes;
using DhcpHost.Testing.Lab;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Linux.Tests.Processes;

/// <summary>A server is handed on ready, or is gone.</summary>
public sealed class StartedServerTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly LinuxLab _lab = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_that_is_ready_runs_on()
    {
        var process = await StartAsync("sleep 1000");
        Assert.Same(process, await KeepAsync(process, _ => Task.CompletedTask));
        Assert.False(process.HasExited);
    }

    [Fact]
    public async Task One_that_ends_first_is_told_with_its_exit_and_what_it_said()
    {
        var process = await StartAsync("exit 3");
        var error = await Assert.ThrowsAsync<DhcpHostException>(() => KeepAsync(process, stop => Task.Delay(Timeout.InfiniteTimeSpan, _time, stop)));
        Assert.Equal((FailureKind.Transient, "sh ended while it started: exit status 3. It said: no."), (error.Kind, error.Message));
    }

    [Fact]
    public async Task One_that_is_not_ready_in_time_is_killed()
    {
        var process = await StartAsync("sleep 1000");
        var keeping = KeepAsync(process, stop => Task.Delay(Timeout.InfiniteTimeSpan, _time, stop));
        _time.Advance(Limit);
        var error = await Assert.ThrowsAsync<DhcpHostException>(() => keeping);
        Assert.Equal("sh was not ready within 10 s (drivers.sh.start_timeout) and was ended. It said: no.", error.Message);
        Assert.False(Directory.Exists($"/proc/{process.Identity.Pid}"));
    }

    [Fact]
    public async Task One_whose_start_is_given_up_or_whose_first_answer_is_wrong_is_killed()
    {
        var given = await StartAsync("sleep 1000");
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var keeping = KeepAsync(given, stop => Task.Delay(Timeout.InfiniteTimeSpan, _time, stop), giveUp.Token);
        await giveUp.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => keeping);
        var wrong = await StartAsync("sleep 1000");
        _ = await Assert.ThrowsAsync<IOException>(() => KeepAsync(wrong, _ => throw new IOException("what is that?")));
        Assert.All([given, wrong], process => Assert.False(Directory.Exists($"/proc/{process.Identity.Pid}")));
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    private Task<ServerProcess> StartAsync(string script) => _lab.SpawnAsync(null, new("/bin/sh", ["-c", script]), Token);

    private Task<ServerProcess> KeepAsync(ServerProcess process, Func<CancellationToken, Task> ready, CancellationToken? cancellationToken = null) =>
        new StartedServer("sh", process).KeepIfReadyAsync(ready, Limit, "drivers.sh.start_timeout", () => "It said: no.", _time, cancellationToken ?? Token);
}

using System.Globalization;
using DhcpHost.Linux.Processes;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.Linux.Tests.Processes;

public sealed class ProcessWatcherTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = Eventually.DefaultDeadline;

    private readonly LinuxLab _lab = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("exit 7", 7, null)]
    [InlineData("exit 0", 0, null)]
    [InlineData("kill -9 $$", null, 9)]
    [InlineData("kill -TERM $$", null, 15)]
    public async Task The_end_of_a_child_is_told_with_its_status(string script, int? code, int? signal)
    {
        var process = await _lab.SpawnAsync(null, new SpawnSpec("/bin/sh", ["-c", script]), Token);
        Assert.Equal(new ProcessExit(code, signal), await process.Exit.WaitAsync(Deadline, Token));
        Assert.True(process.HasExited);
        Assert.False(process.Signal(ProcessSignal.Hangup));
        Assert.False(Directory.Exists($"/proc/{process.Identity.Pid}"));
    }

    [Fact]
    public async Task The_end_of_an_adopted_process_is_noticed_without_a_status()
    {
        // Not our child: its parent ends at once and init inherits it.
        var marker = $"m{Guid.NewGuid():n}";
        _ = await _lab.RunAsync(null, ["/bin/sh", "-c", $"tail -f /dev/null {marker} >/dev/null 2>&1 &"], Token);
        await Eventually.TrueAsync(() => ProcessIdentity.FindByMarker(marker).Count == 1, cancellationToken: Token);
        var identity = Assert.Single(ProcessIdentity.FindByMarker(marker));

        var (match, process) = _lab.Watcher.Adopt(identity);
        Assert.Equal(ProcessMatch.Same, match);
        using (process)
        {
            Assert.False(process!.HasExited);
            var exit = await process.TerminateAsync(Deadline, Token);
            Assert.Equal(ProcessExit.Unknown, exit);
        }
        Assert.NotEqual(ProcessMatch.Same, identity.Check());
    }

    [Fact]
    public async Task A_process_gets_other_limits_while_it_runs()
    {
        var sleeper = await _lab.SpawnAsync(null, new SpawnSpec("/bin/sleep", ["1000"]), Token);

        Assert.True(sleeper.Limit(new(MemoryBytes: 64 << 20, OpenFiles: 200)));

        var limits = await File.ReadAllTextAsync($"/proc/{sleeper.Identity.Pid}/limits", Token);
        Assert.Matches("Max data size +67108864 +67108864", limits);
        Assert.Matches("Max open files +200 +200", limits);
        Assert.True(sleeper.Limit(new(MemoryBytes: 64 << 20, OpenFiles: 200)));
        _ = await sleeper.TerminateAsync(TimeSpan.Zero, Token);
        Assert.False(sleeper.Limit(new(OpenFiles: 100)));
    }

    [Fact]
    public async Task A_child_that_another_watcher_adopts_is_told_to_both()
    {
        using var second = new ProcessWatcher();
        var child = await _lab.SpawnAsync(null, new SpawnSpec("/bin/sleep", ["1000"]), Token);
        var (_, adopted) = second.Adopt(child.Identity);
        Assert.True(adopted!.Signal(ProcessSignal.Kill));
        _ = await child.Exit.WaitAsync(Deadline, Token);
        _ = await adopted.Exit.WaitAsync(Deadline, Token);
        adopted.Dispose();
    }

    [Fact]
    public async Task Terminate_kills_what_does_not_want_to_end()
    {
        var flag = Path.Combine(Path.GetTempPath(), $"dhcphost-{Guid.NewGuid():n}");
        var stubborn = await _lab.SpawnAsync(null, new SpawnSpec("/bin/sh", ["-c", $"trap '' TERM; touch {flag}; exec sleep 1000"]), Token);
        await Eventually.TrueAsync(() => File.Exists(flag), cancellationToken: Token);
        Assert.Equal(new ProcessExit(null, 9), await stubborn.TerminateAsync(TimeSpan.FromMilliseconds(50), Token));
        File.Delete(flag);

        var polite = await _lab.SpawnAsync(null, new SpawnSpec("/bin/sleep", ["1000"]), Token);
        Assert.Equal(new ProcessExit(null, 15), await polite.TerminateAsync(Deadline, Token));
        Assert.Equal(new ProcessExit(null, 15), await polite.TerminateAsync(Deadline, Token));
    }

    [Fact]
    public async Task Dispose_of_the_handle_leaves_the_process_running_and_cancels_the_wait()
    {
        var process = await _lab.Spawner.SpawnAsync(null, new SpawnSpec("/bin/sleep", ["1000"]), Token);
        process.Dispose();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => process.Exit);
        Assert.Equal(0, _lab.Watcher.Count);
        var (match, again) = _lab.Watcher.Adopt(process.Identity);
        Assert.Equal(ProcessMatch.Same, match);
        // Still our child: adopted again, its status is known.
        Assert.Equal(new ProcessExit(null, 9), await again!.TerminateAsync(TimeSpan.Zero, Token));
        again.Dispose();
    }

    [Fact]
    public async Task Dispose_of_the_watcher_cancels_waits_and_refuses_more()
    {
        var process = await _lab.SpawnAsync(null, new SpawnSpec("/bin/sleep", ["1000"]), Token);
        var second = new ProcessWatcher();
        var (_, adopted) = second.Adopt(process.Identity);
        second.Dispose();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => adopted!.Exit);
        _ = Assert.Throws<ObjectDisposedException>(() => second.Adopt(process.Identity));
        Assert.False(process.HasExited);
    }

    [Fact]
    public async Task Hundreds_that_end_at_once_are_all_noticed()
    {
        const int Count = 200;
        var processes = new List<ServerProcess>();
        for (var i = 0; i < Count; i++)
        {
            processes.Add(await _lab.SpawnAsync(null, new SpawnSpec("/bin/sleep", [(1000 + i).ToString(CultureInfo.InvariantCulture)]), Token));
        }
        Assert.Equal(Count, _lab.Watcher.Count);
        processes.ForEach(p => Assert.True(p.Signal(ProcessSignal.Kill)));
        var exits = await Task.WhenAll(processes.Select(p => p.Exit)).WaitAsync(Deadline, Token);
        Assert.All(exits, e => Assert.Equal(new ProcessExit(null, 9), e));
        Assert.Equal(0, _lab.Watcher.Count);
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();
}

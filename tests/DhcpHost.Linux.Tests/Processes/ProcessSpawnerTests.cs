using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Processes;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.Linux.Tests.Processes;

public sealed class ProcessSpawnerTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = Eventually.DefaultDeadline;

    private readonly LinuxLab _lab = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("dhcphost-spawn-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_child_with_an_account_is_that_user_in_no_other_group_with_the_capabilities_that_it_keeps_and_no_way_to_more()
    {
        var account = new ProcessAccount(FileOwner.TryFind("nobody")!.Value, ["net_raw"]);
        var process = await _lab.SpawnAsync(null, Sleep() with { Account = account, Limits = new() { OpenFiles = 64 } }, Token);
        var proc = $"/proc/{process.Identity.Pid}";
        await Eventually.TrueAsync(() => File.ReadAllText($"{proc}/cmdline").StartsWith("/bin/sleep", StringComparison.Ordinal), cancellationToken: Token);

        var status = await File.ReadAllLinesAsync($"{proc}/status", Token);
        var (user, group) = (account.Owner.UserId, account.Owner.GroupId);
        Assert.Contains($"Uid:\t{user}\t{user}\t{user}\t{user}", status);
        Assert.Contains($"Gid:\t{group}\t{group}\t{group}\t{group}", status);
        Assert.Equal("", Assert.Single(status, line => line.StartsWith("Groups:", StringComparison.Ordinal))["Groups:".Length..].Trim());
        Assert.All(["CapPrm", "CapEff", "CapInh", "CapAmb"], (string set) => Assert.Contains($"{set}:\t0000000000002000", status));
        Assert.Contains("NoNewPrivs:\t1", status);
        Assert.Contains(
            await File.ReadAllLinesAsync($"{proc}/limits", Token), line => line.StartsWith("Max open files            64  ", StringComparison.Ordinal));

        // The same process as the one that was started, to this host and to the next.
        Assert.Equal(process.Identity, ProcessIdentity.TryRead(process.Identity.Pid, process.Identity.Marker));
    }

    [Fact]
    public async Task A_child_runs_in_the_namespace_in_its_own_session_with_nothing_inherited()
    {
        var ns = await _lab.NewNamespaceAsync(Token);
        var log = Path.Combine(_directory, "log");
        var process = await _lab.SpawnAsync(ns, Sleep() with { OutputFile = log, WorkingDirectory = _directory }, Token);
        var proc = $"/proc/{process.Identity.Pid}";
        await Eventually.TrueAsync(() => File.ReadAllText($"{proc}/environ").Length > 0, cancellationToken: Token);

        Assert.Equal($"{ns.Id}", new FileInfo($"{proc}/ns/net").LinkTarget);
        Assert.Equal(_directory, new FileInfo($"{proc}/cwd").LinkTarget);
        var stat = (await File.ReadAllTextAsync($"{proc}/stat", Token)).Split(") ")[1].Split(' ');
        Assert.Equal($"{process.Identity.Pid}", stat[3]);
        Assert.Equal("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\0LC_ALL=C\0", await File.ReadAllTextAsync($"{proc}/environ", Token));
        var descriptors = Directory.EnumerateFileSystemEntries($"{proc}/fd").ToDictionary(f => Path.GetFileName(f), f => new FileInfo(f).LinkTarget);
        Assert.Equal(new Dictionary<string, string?> { ["0"] = "/dev/null", ["1"] = log, ["2"] = log }, descriptors);
        var status = await File.ReadAllLinesAsync($"{proc}/status", Token);
        // Signals 1 to 31; the two that glibc keeps to itself (32 and 33) nobody sends.
        var ignored = Assert.Single(status, l => l.StartsWith("SigIgn:", StringComparison.Ordinal)).Split('\t')[1];
        Assert.Equal(0UL, Convert.ToUInt64(ignored, 16) & 0x7FFFFFFF);
        Assert.Contains("SigBlk:\t0000000000000000", status);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(log));
    }

    [Fact]
    public async Task Limits_hold_for_the_child_and_not_for_the_host()
    {
        var before = await File.ReadAllTextAsync("/proc/self/limits", Token);
        var process = await _lab.SpawnAsync(null, Sleep() with { Limits = new ProcessLimits(64 << 20, 99, 0) }, Token);
        var limits = await File.ReadAllLinesAsync($"/proc/{process.Identity.Pid}/limits", Token);
        Assert.Equal(["67108864", "67108864", "bytes"], Limit("Max data size"));
        Assert.Equal(["99", "99", "files"], Limit("Max open files"));
        Assert.Equal(["0", "0", "bytes"], Limit("Max core file size"));
        Assert.Equal(before, await File.ReadAllTextAsync("/proc/self/limits", Token));

        string[] Limit(string name) =>
            Assert.Single(limits, l => l.StartsWith(name, StringComparison.Ordinal))[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public async Task Limits_hold_for_a_child_that_is_not_root_any_more()
    {
        // Set-user-ID to nobody: another user's from its first instruction, whom root may limit with CAP_SYS_RESOURCE only.
        var program = Path.Combine(_directory, "sleep");
        File.Copy("/bin/sleep", program);
        var nobody = FileOwner.TryFind("nobody")!.Value;
        Assert.Equal(0, Libc.lchown(program, nobody.UserId, nobody.GroupId));
        File.SetUnixFileMode(
            program, UnixFileMode.SetUser | UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);

        var process = await _lab.SpawnAsync(null, new SpawnSpec(program, ["1000"]) { Limits = new ProcessLimits(64 << 20, 99, 0) }, Token);
        var proc = $"/proc/{process.Identity.Pid}";
        await Eventually.TrueAsync(
            () => File.ReadAllText($"{proc}/status").Contains($"Uid:\t0\t{nobody.UserId}\t", StringComparison.Ordinal), cancellationToken: Token);
        Assert.Matches("Max open files +99 +99 ", await File.ReadAllTextAsync($"{proc}/limits", Token));
    }

    [Fact]
    public async Task A_child_goes_no_further_ahead_of_others_than_the_host_does()
    {
        var own = (await File.ReadAllTextAsync("/proc/self/stat", Token)).Split(") ")[1].Split(' ')[16];
        Assert.Equal($"{own}\n", (await ShellAsync("sed 's/.*) //' /proc/self/stat | cut -d ' ' -f 17")).Output);
    }

    [Fact]
    public async Task A_child_over_its_memory_limit_fails_alone()
    {
        var hungry = new SpawnSpec("/bin/sh", ["-c", "read x; x=$(head -c 50000000 /dev/zero | tr '\\0' x); echo ${#x}"]);
        var free = await _lab.Spawner.RunToEndAsync(null, hungry, Deadline, 100, Token);
        Assert.Equal("50000000\n", free.Output);
        var limited = await _lab.Spawner.RunToEndAsync(null, hungry with { Limits = new ProcessLimits(16 << 20) }, Deadline, 1000, Token);
        Assert.NotEqual("50000000\n", limited.Output);
        Assert.False(limited.IsSuccess);
    }

    [Theory]
    [InlineData("/nonexistent/program", Errno.ENOENT)]
    [InlineData("/etc", Errno.EACCES)]
    public async Task What_cannot_be_executed_is_a_typed_error(string program, Errno errno)
    {
        var failure = await Assert.ThrowsAsync<LinuxException>(() => _lab.SpawnAsync(null, new SpawnSpec(program, []), Token));
        Assert.Equal((errno, $"posix_spawn {program}"), (failure.Errno, failure.Operation));
    }

    [Fact]
    public async Task A_relative_program_and_a_nul_are_refused()
    {
        _ = await Assert.ThrowsAsync<ArgumentException>(() => _lab.SpawnAsync(null, new SpawnSpec("sleep", ["1"]), Token));
        _ = await Assert.ThrowsAsync<ArgumentException>(() => _lab.SpawnAsync(null, new SpawnSpec("/bin/sleep", ["1\0rm"]), Token));
    }

    [Fact]
    public async Task RunToEnd_returns_status_and_both_outputs()
    {
        var result = await ShellAsync("echo out; echo err >&2; exit 3");
        Assert.Equal(new CommandResult(new ProcessExit(3, null), false, "out\n", "err\n"), result);
        Assert.Equal(new ProcessExit(null, 11), (await ShellAsync("kill -SEGV $$")).Exit);
    }

    [Fact]
    public async Task RunToEnd_keeps_the_bound_and_reads_the_rest()
    {
        var result = await ShellAsync("head -c 3000000 /dev/zero | tr '\\0' x; echo end >&2", maxOutput: 1000);
        Assert.Equal(new string('x', 1000), result.Output);
        Assert.Equal("end\n", result.Error);
        Assert.True(result.IsSuccess);
    }

    [Fact]
    public async Task RunToEnd_kills_at_the_deadline_and_on_cancellation()
    {
        var late = await _lab.Spawner.RunToEndAsync(null, Sleep(), TimeSpan.FromMilliseconds(50), 100, Token);
        Assert.True(late.IsTimedOut);
        Assert.Equal(new ProcessExit(null, 9), late.Exit);

        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var marker = $"{Guid.NewGuid()}";
        var running = _lab.Spawner.RunToEndAsync(null, new SpawnSpec("/bin/sh", ["-c", $"tail -f /dev/null {marker} & wait"]), Deadline, 100, cancel.Token);
        await Eventually.TrueAsync(() => ProcessIdentity.FindByMarker(marker).Count == 2, cancellationToken: Token);
        await cancel.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Eventually.TrueAsync(() => ProcessIdentity.FindByMarker(marker).Count == 0, cancellationToken: Token);
    }

    [Fact]
    public async Task RunToEnd_does_not_wait_for_a_grandchild_that_keeps_the_output_open()
    {
        var start = TimeProvider.System.GetTimestamp();
        var result = await ShellAsync("sleep 60 & echo done");
        Assert.Equal("done\n", result.Output);
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(50));
    }

    [Fact]
    public async Task Spawning_two_hundred_leaves_no_zombie_and_no_descriptor()
    {
        _ = await ShellAsync("true");
        var before = Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();
        var pids = new List<int>();
        var times = new List<double>();
        for (var i = 0; i < 200; i++)
        {
            var start = TimeProvider.System.GetTimestamp();
            using var process = await _lab.Spawner.SpawnAsync(null, new SpawnSpec("/bin/true", []), Token);
            times.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
            Assert.Equal(new ProcessExit(0, null), await process.Exit.WaitAsync(Deadline, Token));
            pids.Add(process.Identity.Pid);
        }
        times.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine($"spawn: median {times[100]:0.00} ms, p90 {times[180]:0.00} ms");
        Assert.All(pids, pid => Assert.False(Directory.Exists($"/proc/{pid}")));
        Assert.Equal(0, _lab.Watcher.Count);
        await Eventually.TrueAsync(() => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count() < before + 100, cancellationToken: Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static SpawnSpec Sleep() => new("/bin/sleep", ["1000"]);

    private Task<CommandResult> ShellAsync(string script, int maxOutput = 10_000) =>
        _lab.Spawner.RunToEndAsync(null, new SpawnSpec("/bin/sh", ["-c", script]), Deadline, maxOutput, Token);
}

using System.Text.Json;
using DhcpHost.Linux.Processes;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;

namespace DhcpHost.Linux.Tests.Processes;

public sealed class ProcessIdentityTests : IAsyncDisposable
{
    private readonly LinuxLab _lab = new();
    private readonly string _marker = $"m{Guid.NewGuid():n}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_running_process_is_the_same_after_a_round_through_json()
    {
        var process = await SpawnAsync();
        var stored = JsonSerializer.Deserialize<ProcessIdentity>(JsonSerializer.Serialize(process.Identity))!;
        Assert.Equal(process.Identity, stored);
        Assert.Equal(ProcessMatch.Same, stored.Check());
        await Eventually.TrueAsync(() => stored.Equals(ProcessIdentity.TryRead(stored.Pid, _marker)), cancellationToken: Token);
    }

    [Fact]
    public async Task An_ended_process_is_gone()
    {
        var process = await SpawnAsync();
        _ = await process.TerminateAsync(TimeSpan.Zero, Token);
        Assert.Equal(ProcessMatch.Gone, process.Identity.Check());
        Assert.Null(ProcessIdentity.TryRead(process.Identity.Pid, _marker));
    }

    [Fact]
    public async Task Under_another_start_time_it_is_gone_without_the_marker_it_is_foreign_and_neither_is_adopted()
    {
        var identity = (await SpawnAsync()).Identity;
        await Eventually.TrueAsync(() => ProcessIdentity.FindByMarker(_marker).Count == 1, cancellationToken: Token);
        (ProcessIdentity Other, ProcessMatch Expected)[] others =
            [(identity with { StartTime = identity.StartTime + 1 }, ProcessMatch.Gone), (identity with { Marker = "another" }, ProcessMatch.Foreign)];
        Assert.All(others, other =>
        {
            var (match, adopted) = _lab.Watcher.Adopt(other.Other);
            Assert.Equal(other.Expected, match);
            Assert.Null(adopted);
        });
        Assert.Equal(ProcessMatch.Same, identity.Check());
    }

    [Fact]
    public async Task A_process_is_the_same_from_the_moment_that_it_is_spawned()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(ProcessMatch.Same, (await SpawnAsync()).Identity.Check());
        }
    }

    [Fact]
    public async Task After_a_boot_the_process_is_gone_whatever_has_its_number()
    {
        var identity = (await SpawnAsync()).Identity;
        Assert.Equal(ProcessMatch.Gone, (identity with { BootId = $"{Guid.NewGuid()}" }).Check());
    }

    [Fact]
    public async Task A_zombie_is_gone()
    {
        // The shell becomes a program that never waits for the child it has.
        var parent = await _lab.SpawnAsync(null, new SpawnSpec("/bin/sh", ["-c", $"sh -c 'echo $$; exit 0' {_marker} & exec sleep 1000"]), Token);
        var children = $"/proc/{parent.Identity.Pid}/task/{parent.Identity.Pid}/children";
        await Eventually.TrueAsync(() => File.ReadAllText(children).Length > 0, cancellationToken: Token);
        var child = int.Parse(await File.ReadAllTextAsync(children, Token), System.Globalization.CultureInfo.InvariantCulture);
        await Eventually.TrueAsync(() => ProcessStat.TryRead(child)?.HasEnded is true, cancellationToken: Token);
        var zombie = new ProcessIdentity(child, ProcessStat.TryRead(child)!.Value.StartTime, ProcessIdentity.CurrentBootId, _marker);
        Assert.Equal(ProcessMatch.Gone, zombie.Check());
    }

    [Fact]
    public async Task The_marker_counts_as_a_whole_word()
    {
        var process = await SpawnAsync($"--file=/x/{_marker}0/conf");
        var pid = process.Identity.Pid;
        await Eventually.TrueAsync(() => ProcessIdentity.TryRead(pid, $"{_marker}0") is not null, cancellationToken: Token);
        Assert.Null(ProcessIdentity.TryRead(pid, _marker));
        Assert.NotNull(ProcessIdentity.TryRead(pid, $"{_marker}0"));
        Assert.NotNull(ProcessIdentity.TryRead(pid, $"/x/{_marker}0"));
        Assert.Null(ProcessIdentity.TryRead(pid, _marker[1..]));
    }

    [Fact]
    public async Task Processes_are_found_by_their_marker()
    {
        var expected = new[] { await SpawnAsync(), await SpawnAsync($"--id={_marker}") }.Select(p => p.Identity.Pid);
        _ = await SpawnAsync($"{_marker}other");
        await Eventually.TrueAsync(() => ProcessIdentity.FindByMarker($"{_marker}other").Count == 1, cancellationToken: Token);
        Assert.Equal(expected.Order(), ProcessIdentity.FindByMarker(_marker).Select(p => p.Pid).Order());
    }

    [Fact]
    public async Task A_process_with_blanks_and_parentheses_in_its_name_is_read()
    {
        var directory = Directory.CreateTempSubdirectory("dhcphost-id-").FullName;
        var program = Path.Combine(directory, "a) R 1 (b");
        File.Copy("/bin/sleep", program);
        var process = await _lab.SpawnAsync(null, new SpawnSpec(program, ["1000"]), Token);
        Assert.NotEqual(0UL, process.Identity.StartTime);
        Assert.Equal(ProcessMatch.Same, process.Identity.Check());
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Memory_of_a_process_is_read()
    {
        var process = await SpawnAsync();
        var memory = ProcessMemory.TryRead(process.Identity.Pid)!;
        Assert.InRange(memory.Private, 1, memory.Resident);
        _ = await process.TerminateAsync(TimeSpan.Zero, Token);
        Assert.Null(ProcessMemory.TryRead(process.Identity.Pid));
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    private Task<ServerProcess> SpawnAsync(string? argument = null) => _lab.SpawnAsync(
        null, new SpawnSpec("/usr/bin/tail", ["-f", "--", "/dev/null", argument ?? _marker]) { Marker = argument is null ? _marker : null }, Token);
}

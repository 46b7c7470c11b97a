using System.Diagnostics;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Limits;
using DhcpHost.Core.Plugins;
using DhcpHost.Core.State;
using DhcpHost.Core.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Core.Tests.State;

public sealed class StateStoreTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("dhcphost-state-").FullName;
    private readonly LimitsOptions _limits = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.Parse("2026-01-02T03:04:05Z", null));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task All_that_was_kept_is_there_after_a_restart()
    {
        var server = new ServerKey(new("a"), new SegmentId("s1"));
        var kept = new StoredNetwork(new("a"))
        {
            Source = new("lab"),
            Failure = new()
            {
                Kind = FailureKind.Conflict,
                Message = "in the way",
                Attempts = 3,
                FailedAt = _time.GetUtcNow(),
                RetryAt = _time.GetUtcNow(),
                Fingerprint = "f",
            },
        }
            .With(new StoredHandle(DriverKind.Dhcp, new(new("dnsmasq"), server, 2, "{\"pid\":1}"), "abc"))
            .With(new StoredHandle(DriverKind.Interface, new(new("bridge"), server, 1, "x"), "abc"))
            .With(
                new StoredAttachment(
                    server.SegmentId, Sample.Port("p", 1, "a-v4"), new InterfaceBinding
                    {
                        Namespace = "n",
                        Device = "d",
                        MacAddress = MacAddress.Parse("02:00:00:00:00:01", null),
                        Addresses = [new(System.Net.IPAddress.Loopback, 8)],
                    }));
        await using (var store = await OpenAsync(StateOpening.Fresh))
        {
            store.Update(kept.Id, _ => kept);
            store.SaveLeases(server, [new Lease { Address = System.Net.IPAddress.Loopback, Hostname = "h" }]);
            store.Append(Event(1));
            Assert.True(await store.FlushAsync(Token));
        }

        await using var again = await OpenAsync(StateOpening.Found);
        var read = again.Find(kept.Id);
        Assert.Equal(kept with { Handles = kept.Handles.OrderBy(handle => handle.Kind.ToString()).ToEquatableArray() }, read);
        Assert.Equal("h", Assert.Single(await again.ReadLeasesAsync(server, Token)).Hostname);
        Assert.Equal(1, again.LastSequence);
        Assert.Equal("event 1", Assert.Single(await again.ReadEventsAsync(null, 10, Token)).Message);
        again.Update(kept.Id, network => new(network.Id));
        await again.FlushAsync(Token);
        Assert.Empty(again.Networks);
    }

    [Fact]
    public async Task What_nobody_waits_for_is_gathered_and_written_soon()
    {
        await using var store = await OpenAsync(StateOpening.Fresh);
        store.Update(new("a"), network => network.With(Handle("a")));
        Assert.Empty(Written());
        await Soon.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(50));
                return Written().Count == 1;
            });

        IReadOnlyList<StoredNetwork> Written()
        {
            using var database = StateDatabase.Open(store.Path, readOnly: true);
            return database.ReadNetworks();
        }
    }

    [Fact]
    public async Task The_directory_and_its_files_are_the_hosts_alone()
    {
        Directory.Delete(_directory);
        await using var store = await OpenAsync(StateOpening.Fresh);
        store.Append(Event(1));
        await store.FlushAsync(Token);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_directory));
        Assert.All(Directory.GetFiles(_directory), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        Assert.Contains(Directory.GetFiles(_directory), file => file.EndsWith("-wal", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("this is no database at all, but it is long enough to look like one")]
    [InlineData("SQLite format 3\0 and then nothing that could be one, for a good hundred bytes or more, so that it is read as pages.......")]
    public async Task A_corrupt_file_is_moved_aside_and_a_fresh_one_takes_its_place(string content)
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "state.db"), content, Token);
        await using var store = await OpenAsync(StateOpening.Corrupt);
        Assert.True(store.IsIncomplete);
        store.Update(new("a"), network => network.With(Handle("a")));
        Assert.True(await store.FlushAsync(Token));
        Assert.Null(store.Problem);
        var aside = Assert.Single(Directory.GetFiles(_directory, "*corrupt*"));
        Assert.Equal("state.db.corrupt-20260102T030405000Z", Path.GetFileName(aside));
        Assert.Equal(content, await File.ReadAllTextAsync(aside, Token));
    }

    [Fact]
    public async Task Pages_that_rot_in_a_real_database_do_not_end_the_host()
    {
        await using (var store = await OpenAsync(StateOpening.Fresh))
        {
            foreach (var number in Enumerable.Range(0, 300))
            {
                store.Update(new($"n{number}"), network => network.With(Handle($"n{number}")));
            }

            await store.FlushAsync(Token);
        }

        var path = Path.Combine(_directory, "state.db");
        var bytes = await File.ReadAllBytesAsync(path, Token);
        new Random(1).NextBytes(bytes.AsSpan(4096));
        await File.WriteAllBytesAsync(path, bytes, Token);
        await using var again = await OpenAsync(StateOpening.Corrupt);
        again.Update(new("a"), network => network.With(Handle("a")));
        Assert.True(await again.FlushAsync(Token));
    }

    [Fact]
    public async Task A_full_disk_stops_nothing_and_all_is_written_when_there_is_room_again()
    {
        await MountAsync();
        try
        {
            var store = new StateStore(_directory, () => _limits, _time, NullLogger<StateStore>.Instance);
            await store.OpenAsync(readOnly: false, Token);
            store.Update(new("before"), network => network.With(Handle("before")));
            Assert.True(await store.FlushAsync(Token));
            var ballast = Path.Combine(_directory, "ballast");
            await FillAsync(ballast);

            // The journal's own pages may still have room for some: it is full when it says so.
            for (var number = 0; store.Problem is null && number < 2_000; number++)
            {
                store.Update(new($"n{number}"), network => network.With(Handle($"n{number}", 8_000)));
                await store.FlushAsync(Token);
            }

            Assert.Contains("full", store.Problem!, StringComparison.Ordinal);
            store.Update(new("during"), network => network.With(Handle("during")));
            Assert.False(await store.FlushAsync(Token));
            Assert.NotEmpty(store.Find(new("during")).Handles);

            File.Delete(ballast);
            await Soon.TrueAsync(() =>
            {
                _time.Advance(TimeSpan.FromSeconds(5));
                return store.Problem is null;
            });
            Assert.True(await store.FlushAsync(Token));
            await store.DisposeAsync();
            await using var again = await OpenAsync(StateOpening.Found);
            Assert.NotEmpty(again.Find(new("during")).Handles);
            Assert.NotEmpty(again.Find(new("n0")).Handles);
        }
        finally
        {
            await RunAsync("umount", _directory);
        }
    }

    [Fact]
    public async Task The_history_keeps_so_many_events_and_so_long()
    {
        _limits.EventHistory = 100;
        _limits.EventHistoryTime = TimeSpan.FromHours(1);
        await using var store = await OpenAsync(StateOpening.Fresh);
        store.Append(Event(1));
        await store.FlushAsync(Token);
        _time.Advance(TimeSpan.FromHours(2));
        for (var number = 2; number <= 4_500; number++)
        {
            store.Append(Event(number));
            if (number % 500 == 0)
            {
                await store.FlushAsync(Token);
            }
        }

        await store.FlushAsync(Token);
        var kept = await store.ReadEventsAsync(null, 10_000, Token);
        Assert.Equal(4_500, kept[0].Sequence);
        Assert.InRange(kept.Count, 100, 2_600);
        Assert.DoesNotContain(kept, one => one.Sequence == 1);
    }

    [Fact]
    public async Task A_file_of_a_newer_host_is_left_alone_and_said_so()
    {
        await using (await OpenAsync(StateOpening.Fresh))
        {
        }

        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(_directory, "state.db")};Pooling=False"))
        {
            await connection.OpenAsync(Token);
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            await command.ExecuteNonQueryAsync(Token);
        }

        await using var store = await OpenAsync(StateOpening.Unavailable);
        Assert.Contains("its schema is version 99", store.Problem!, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_directory, "*corrupt*"));
    }

    private static StoredHandle Handle(string network, int size = 10) => new(DriverKind.Dhcp, new(new("fake"), new(new(network)), 1, new('x', size)), "");

    private async Task<StateStore> OpenAsync(StateOpening expected)
    {
        var store = new StateStore(_directory, () => _limits, _time, NullLogger<StateStore>.Instance);
        Assert.Equal(expected, await store.OpenAsync(readOnly: false, Token));
        return store;
    }

    private HostEvent Event(long sequence) =>
        new() { Sequence = sequence, Time = _time.GetUtcNow(), Severity = EventSeverity.Info, Kind = "test", Message = $"event {sequence}" };

    private Task MountAsync() => RunAsync("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", _directory);

    private static async Task FillAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Create);
        try
        {
            var block = new byte[4096];
            while (true)
            {
                await file.WriteAsync(block, Token);
                await file.FlushAsync(Token);
            }
        }
        catch (IOException)
        {
            // Full, as wanted.
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
    }
}

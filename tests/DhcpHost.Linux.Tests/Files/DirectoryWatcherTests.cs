using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using DhcpHost.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Linux.Tests.Files;

public sealed class DirectoryWatcherTests : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(30);

    private readonly string _directory = Directory.CreateTempSubdirectory("dhcphost-watch-").FullName;
    private readonly EpollLoop _loop = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_way_to_change_a_file_is_told()
    {
        using var watcher = new DirectoryWatcher(_loop, _directory, Quiet);
        await using var changes = watcher.ReadAllAsync(Token).GetAsyncEnumerator(Token);

        await ExpectAsync(() => File.WriteAllText(In("a"), "x"), "a");
        await ExpectAsync(() => File.AppendAllText(In("a"), "y"), "a");
        await ExpectAsync(() => File.Move(In("a"), In("b")), "a", "b");
        await File.WriteAllTextAsync(Path.Combine(Path.GetTempPath(), $"{Path.GetFileName(_directory)}-c"), "z", Token);
        await ExpectAsync(() => File.Move(Path.Combine(Path.GetTempPath(), $"{Path.GetFileName(_directory)}-c"), In("c")), "c");
        await ExpectAsync(() => File.SetUnixFileMode(In("c"), UnixFileMode.UserRead), "c");
        await ExpectAsync(() => File.Delete(In("c")), "c");

        async Task ExpectAsync(Action action, params string[] names)
        {
            action();
            Assert.True(await changes.MoveNextAsync().AsTask().WaitAsync(Eventually.DefaultDeadline, Token));
            Assert.Equal(names, changes.Current.Names.Order());
            Assert.False(changes.Current.MustRescan || changes.Current.IsGone);
        }
    }

    [Fact]
    public async Task Without_inotify_all_is_to_be_looked_at_again_at_each_interval_until_it_is_disposed()
    {
        var time = new FakeTimeProvider();
        using var watcher = new DirectoryWatcher(Quiet, time);
        await using var changes = watcher.ReadAllAsync(Token).GetAsyncEnumerator(Token);
        for (var i = 0; i < 2; i++)
        {
            var next = changes.MoveNextAsync().AsTask();
            Assert.False(next.IsCompleted);
            time.Advance(Quiet);
            Assert.True(await next.WaitAsync(Eventually.DefaultDeadline, Token));
            Assert.Equal((true, false), (changes.Current.MustRescan, changes.Current.IsGone));
        }

        watcher.Dispose();
        Assert.False(await changes.MoveNextAsync().AsTask().WaitAsync(Eventually.DefaultDeadline, Token));
    }

    [Fact]
    public async Task Two_watchers_of_one_directory_are_told_each_its_own_until_each_is_disposed()
    {
        using var all = new DirectoryWatcher(_loop, _directory, TimeSpan.Zero);
        using var complete = new DirectoryWatcher(_loop, _directory, TimeSpan.Zero, onlyComplete: true);
        await using var changes = complete.ReadAllAsync(Token).GetAsyncEnumerator(Token);
        await using (File.Create(In("open")))
        {
            await Eventually.TrueAsync(() => all.PendingCount == 1, cancellationToken: Token);
            Assert.Equal(0, complete.PendingCount);
        }

        Assert.True(await changes.MoveNextAsync().AsTask().WaitAsync(Eventually.DefaultDeadline, Token));
        Assert.Equal(["open"], changes.Current.Names);

        all.Dispose();
        await File.WriteAllTextAsync(In("later"), "x", Token);
        Assert.True(await changes.MoveNextAsync().AsTask().WaitAsync(Eventually.DefaultDeadline, Token));
        Assert.Equal(["later"], changes.Current.Names);
        Assert.Equal(1, all.PendingCount);
    }

    [Fact]
    public async Task A_directory_is_watched_anew_after_its_last_watcher_and_after_its_end()
    {
        var directory = In("sub");
        for (var i = 0; i < 3; i++)
        {
            _ = Directory.CreateDirectory(directory);
            for (var j = 0; j < 2; j++)
            {
                using var watcher = new DirectoryWatcher(_loop, directory, TimeSpan.Zero, onlyComplete: true);
                await using var changes = watcher.ReadAllAsync(Token).GetAsyncEnumerator(Token);
                await File.WriteAllTextAsync(Path.Combine(directory, $"{j}"), "x", Token);
                Assert.True(await changes.MoveNextAsync().AsTask().WaitAsync(Eventually.DefaultDeadline, Token));
                Assert.Equal([$"{j}"], changes.Current.Names);
            }

            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void All_watchers_of_a_loop_share_an_inotify_instance()
    {
        using var loop = new EpollLoop();
        var before = CountInstances();
        var watchers = Enumerable.Range(0, 20).Select(i => new DirectoryWatcher(loop, Directory.CreateDirectory(In($"{i}")).FullName, Quiet)).ToList();
        Assert.InRange(CountInstances() - before, int.MinValue, 10);
        watchers.ForEach(watcher => watcher.Dispose());

        static int CountInstances() =>
            Directory.EnumerateFileSystemEntries("/proc/self/fd").Count(fd => new FileInfo(fd).LinkTarget == "anon_inode:inotify");
    }

    [Fact]
    public async Task Files_that_are_being_written_are_not_told_where_only_complete_ones_are_wanted()
    {
        using var watcher = new DirectoryWatcher(_loop, _directory, TimeSpan.Zero, onlyComplete: true);
        await using var changes = watcher.ReadAllAsync(Token).GetAsyncEnumerator(Token);

        var next = changes.MoveNextAsync().AsTask();
        await using (var file = File.Create(In("a")))
        {
            await file.WriteAsync("half"u8.ToArray(), Token);
            await file.FlushAsync(Token);
            await File.WriteAllTextAsync(In("b"), "whole", Token);
            Assert.True(await next.WaitAsync(Eventually.DefaultDeadline, Token));
            Assert.Equal(["b"], changes.Current.Names);
        }

        Assert.True(await changes.MoveNextAsync().AsTask().WaitAsync(Eventually.DefaultDeadline, Token));
        Assert.Equal(["a"], changes.Current.Names);
    }

    [Fact]
    public async Task Events_within_the_quiet_time_are_one_change()
    {
        var time = new FakeTimeProvider();
        using var watcher = new DirectoryWatcher(_loop, _directory, TimeSpan.FromSeconds(1), time);
        await using var changes = watcher.ReadAllAsync(Token).GetAsyncEnumerator(Token);
        var next = changes.MoveNextAsync().AsTask();
        await File.WriteAllTextAsync(In("a"), "x", Token);
        await Eventually.TrueAsync(() => watcher.PendingCount == 1, cancellationToken: Token);
        await File.WriteAllTextAsync(In("b"), "x", Token);
        await Eventually.TrueAsync(() => watcher.PendingCount == 2, cancellationToken: Token);
        Assert.False(next.IsCompleted);
        await Eventually.TrueAsync(() => { time.Advance(TimeSpan.FromSeconds(1)); return next.IsCompleted; }, cancellationToken: Token);
        Assert.Equal(["a", "b"], changes.Current.Names.Order());
    }

    [Fact]
    public async Task A_writer_that_never_pauses_does_not_hold_up_the_change()
    {
        using var watcher = new DirectoryWatcher(_loop, _directory, Quiet);
        await using var changes = watcher.ReadAllAsync(Token).GetAsyncEnumerator(Token);
        var next = changes.MoveNextAsync().AsTask();
        await Eventually.TrueAsync(() => { File.AppendAllText(In("busy"), "x"); return next.IsCompleted; }, cancellationToken: Token);
        Assert.Equal(["busy"], changes.Current.Names);
    }

    [Fact]
    public async Task More_names_than_it_keeps_and_a_queue_overrun_ask_for_a_rescan()
    {
        using var watcher = new DirectoryWatcher(_loop, _directory, Quiet);
        await using var changes = watcher.ReadAllAsync(Token).GetAsyncEnumerator(Token);
        for (var i = 0; i < 2000; i++)
        {
            await File.WriteAllTextAsync(In($"{i}"), "", Token);
        }
        var mustRescan = false;
        while (!mustRescan)
        {
            Assert.True(await changes.MoveNextAsync().AsTask().WaitAsync(Eventually.DefaultDeadline, Token));
            mustRescan = changes.Current.MustRescan;
        }
        Assert.True(changes.Current.Names.Count <= 1024);
    }

    [Fact]
    public async Task The_end_of_the_directory_is_the_last_change()
    {
        var directory = Path.Combine(_directory, "sub");
        _ = Directory.CreateDirectory(directory);
        using var watcher = new DirectoryWatcher(_loop, directory, Quiet);
        await using var changes = watcher.ReadAllAsync(Token).GetAsyncEnumerator(Token);
        Directory.Delete(directory);
        Assert.True(await changes.MoveNextAsync().AsTask().WaitAsync(Eventually.DefaultDeadline, Token));
        Assert.True(changes.Current.IsGone);
        Assert.False(await changes.MoveNextAsync());
    }

    [Fact]
    public async Task Dispose_ends_the_stream_and_a_missing_directory_is_a_typed_error()
    {
        var watcher = new DirectoryWatcher(_loop, _directory, Quiet);
        await using var changes = watcher.ReadAllAsync(Token).GetAsyncEnumerator(Token);
        var next = changes.MoveNextAsync().AsTask();
        watcher.Dispose();
        Assert.False(await next.WaitAsync(Eventually.DefaultDeadline, Token));

        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => new DirectoryWatcher(_loop, In("none"), Quiet)).Errno);
        await File.WriteAllTextAsync(In("file"), "", Token);
        Assert.Equal(Errno.ENOTDIR, Assert.Throws<LinuxException>(() => new DirectoryWatcher(_loop, In("file"), Quiet)).Errno);
    }

    public void Dispose()
    {
        _loop.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private string In(string name) => Path.Combine(_directory, name);
}

using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using DhcpHost.Testing;

namespace DhcpHost.Linux.Tests.Files;

public sealed class DirectoryWatchesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("dhcphost-watches-").FullName;
    private readonly EpollLoop _loop = new();
    private readonly List<string> _refused = [];
    private readonly DirectoryWatches _watches;

    public DirectoryWatchesTests() => _watches = new(_loop, TimeSpan.FromMilliseconds(10), TimeProvider.System, (directory, _) => _refused.Add(directory));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_in_any_directory_ends_the_wait()
    {
        var below = Directory.CreateDirectory(In("below")).FullName;
        _watches.Follow([_directory, below]);
        await HintAsync();

        await File.WriteAllTextAsync(Path.Combine(below, "a"), "", Token);
        await HintAsync();
        await File.WriteAllTextAsync(In("b"), "", Token);
        await HintAsync();
    }

    [Fact]
    public async Task A_directory_that_was_replaced_is_watched_again_when_it_is_followed_again()
    {
        var below = Directory.CreateDirectory(In("below")).FullName;
        _watches.Follow([below]);
        await HintAsync();
        Directory.Move(below, In("old"));
        await HintAsync();

        _ = Directory.CreateDirectory(below);
        _watches.Follow([below]);
        await HintAsync();
        await File.WriteAllTextAsync(Path.Combine(below, "a"), "", Token);
        await HintAsync();
    }

    [Fact]
    public async Task A_directory_that_cannot_be_watched_is_told_once_until_it_could()
    {
        var below = In("below");
        _watches.Follow([below]);
        _watches.Follow([below]);
        Assert.Equal([below], _refused);

        _ = Directory.CreateDirectory(below);
        _watches.Follow([below]);
        await HintAsync();
        Assert.Single(_refused);
    }

    [Fact]
    public async Task Without_a_change_the_wait_ends_after_its_time()
    {
        await _watches.WaitAsync(TimeSpan.FromMilliseconds(1), Token).WaitAsync(Eventually.DefaultDeadline, Token);
        using var stop = new CancellationTokenSource();
        var wait = _watches.WaitAsync(TimeSpan.FromHours(1), stop.Token);
        await stop.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    public void Dispose()
    {
        _watches.Dispose();
        _loop.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    // Far longer than the deadline of a test: it is the hint that ends it.
    private Task HintAsync() => _watches.WaitAsync(TimeSpan.FromHours(1), Token).WaitAsync(Eventually.DefaultDeadline, Token);

    private string In(string name) => Path.Combine(_directory, name);
}

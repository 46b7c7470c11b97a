using DhcpHost.Linux.Files;

namespace DhcpHost.Linux.Tests.Files;

public sealed class FileLockTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"dhcphost-{Guid.NewGuid():n}.lock");

    [Fact]
    public void Only_one_holds_it_and_the_file_says_who()
    {
        Assert.Null(FileLock.ReadHolder(_path));
        using (var held = FileLock.TryAcquire(_path))
        {
            Assert.NotNull(held);
            Assert.Null(FileLock.TryAcquire(_path));
            Assert.Equal(Environment.ProcessId, FileLock.ReadHolder(_path));
        }
        using var again = FileLock.TryAcquire(_path);
        Assert.NotNull(again);
    }

    public void Dispose() => File.Delete(_path);
}

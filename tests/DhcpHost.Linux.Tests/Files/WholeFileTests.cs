using System.Diagnostics;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Tests.Files;

public sealed class WholeFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("dhcphost-whole-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_file_is_read_with_the_time_of_its_last_write()
    {
        var time = new DateTimeOffset(2026, 11, 22, 10, 20, 30, TimeSpan.Zero);
        File.WriteAllText(In("a"), "content");
        File.SetLastWriteTimeUtc(In("a"), time.UtcDateTime);
        File.CreateSymbolicLink(In("link"), In("a"));

        var content = WholeFile.Read(In("link"), 100);

        Assert.Equal("content"u8, content!.Bytes.Span);
        Assert.Equal(time, content.ModifiedAt);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(9, 9)]
    [InlineData(10, 10)]
    [InlineData(11, 11)]
    [InlineData(500_000, 11)]
    public void Of_a_file_over_the_bound_one_byte_more_is_read(int size, int expected)
    {
        File.WriteAllBytes(In("a"), new byte[size]);

        Assert.Equal(expected, WholeFile.Read(In("a"), 10)!.Bytes.Length);
    }

    [Fact]
    public async Task What_is_not_there_is_null_and_what_is_no_file_is_refused_at_once()
    {
        using (var make = Process.Start("mkfifo", [In("pipe")]))
        {
            await make.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Null(WholeFile.Read(In("nothing"), 10));
        Assert.Null(WholeFile.Read(In("pipe/nothing"), 10));
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => WholeFile.Read(In("pipe"), 10)).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => WholeFile.Read(_directory, 10)).Errno);
    }

    [Fact]
    public async Task A_file_that_is_replaced_all_the_time_is_never_read_half()
    {
        var texts = new[] { new string('a', 300_000), new string('b', 200_000) };
        await File.WriteAllTextAsync(In("a"), texts[0], TestContext.Current.CancellationToken);
        var stop = false;
        var writer = Task.Run(() =>
        {
            for (var i = 0; !Volatile.Read(ref stop); i++)
            {
                File.WriteAllText(In("new"), texts[i % 2]);
                File.Move(In("new"), In("a"), overwrite: true);
            }
        }, TestContext.Current.CancellationToken);

        for (var i = 0; i < 200; i++)
        {
            Assert.Contains(System.Text.Encoding.ASCII.GetString(WholeFile.Read(In("a"), 1_000_000)!.Bytes.Span), texts);
        }

        Volatile.Write(ref stop, true);
        await writer;
    }

    private string In(string name) => Path.Combine(_directory, name);
}

using System.Diagnostics;
using DhcpHost.Linux.Files;

namespace DhcpHost.Linux.Tests.Files;

public sealed class ServerFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("dhcphost-server-file-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_regular_file_is_read_whole()
    {
        File.WriteAllText(In("leases"), "one\ntwo ä\n");
        Assert.Equal("one\ntwo ä\n", ServerFile.TryReadText(In("leases")));
        File.WriteAllText(In("empty"), "");
        Assert.Equal("", ServerFile.TryReadText(In("empty")));
    }

    [Fact]
    public void What_is_not_there_is_not_read() => Assert.Null(ServerFile.TryReadText(In("none")));

    [Fact]
    public async Task A_pipe_a_link_a_device_or_a_directory_in_its_place_is_refused_at_once()
    {
        using (var make = Process.Start("mkfifo", [In("pipe")]))
        {
            await make.WaitForExitAsync(Token);
        }

        File.CreateSymbolicLink(In("link"), "/etc/passwd");
        foreach (var path in new[] { In("pipe"), In("link"), _directory, "/dev/zero" })
        {
            Assert.Null(await Task.Run(() => ServerFile.TryReadText(path), Token).WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Token));
            Assert.Equal("", await Task.Run(() => LogTail.Read(path, 10), Token).WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Token));
        }
    }

    private string In(string name) => Path.Combine(_directory, name);
}

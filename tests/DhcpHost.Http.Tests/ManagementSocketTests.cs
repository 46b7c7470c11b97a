using System.Net.Sockets;
using DhcpHost.Abstractions.Failures;

namespace DhcpHost.Http.Tests;

public sealed class ManagementSocketTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_ByDefault_MakesASocketForTheOwnerAlone()
    {
        await using var fixture = await ServerFixture.StartAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(fixture.Options.Socket));
    }

    [Fact]
    public async Task Start_WithModeAndGroup_SetsBothWhateverTheUmask()
    {
        await using var fixture = await ServerFixture.StartAsync(options => (options.SocketMode, options.SocketGroup) = ("0666", "daemon"));
        Assert.Equal((UnixFileMode)0b110_110_110, File.GetUnixFileMode(fixture.Options.Socket));
        Assert.Equal("ok\n", await fixture.Client.GetStringAsync("/healthz", Token));
        using var stat = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%G", fixture.Options.Socket]) { RedirectStandardOutput = true })!;
        Assert.Equal("daemon\n", await stat.StandardOutput.ReadToEndAsync(Token));
    }

    [Fact]
    public async Task Start_WithAGroupThatIsNotThere_SaysHowToMakeIt()
    {
        await using var fixture = new ServerFixture(options => options.SocketGroup = "no-such-group-here");
        var failure = await Assert.ThrowsAsync<DhcpHostException>(() => fixture.Server.StartAsync(Token));
        Assert.Equal(FailureKind.Invalid, failure.Kind);
        Assert.Contains("groupadd --system no-such-group-here", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(fixture.Options.Socket));
    }

    [Fact]
    public async Task Start_OverTheSocketOfAHostThatDied_TakesItsPlace()
    {
        await using var fixture = new ServerFixture();
        LeaveStaleSocket(fixture.Options.Socket);
        await fixture.Server.StartAsync(Token);
        Assert.Equal("ok\n", await fixture.Client.GetStringAsync("/healthz", Token));
    }

    [Fact]
    public async Task Start_WhileAnotherListens_RefusesAndLeavesIt()
    {
        await using var first = await ServerFixture.StartAsync();
        await using var second = new ServerFixture(options => options.Socket = first.Options.Socket);
        var failure = await Assert.ThrowsAsync<DhcpHostException>(() => second.Server.StartAsync(Token));
        Assert.Equal(FailureKind.Conflict, failure.Kind);
        Assert.Contains("another process listens", failure.Message, StringComparison.Ordinal);
        Assert.Equal("ok\n", await first.Client.GetStringAsync("/healthz", Token));
    }

    [Fact]
    public async Task Start_OverAFile_LeavesTheFile()
    {
        await using var fixture = new ServerFixture();
        await File.WriteAllTextAsync(fixture.Options.Socket, "precious", Token);
        var failure = await Assert.ThrowsAsync<DhcpHostException>(() => fixture.Server.StartAsync(Token));
        Assert.Contains("no socket", failure.Message, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(fixture.Options.Socket, Token));
    }

    [Fact]
    public async Task Start_OverALinkToAStaleSocket_LeavesBoth()
    {
        await using var fixture = new ServerFixture();
        LeaveStaleSocket(fixture.Options.Socket + ".old");
        _ = File.CreateSymbolicLink(fixture.Options.Socket, fixture.Options.Socket + ".old");
        _ = await Assert.ThrowsAsync<DhcpHostException>(() => fixture.Server.StartAsync(Token));
        Assert.True(File.Exists(fixture.Options.Socket + ".old"));
        Assert.NotNull(new FileInfo(fixture.Options.Socket).LinkTarget);
    }

    [Fact]
    public async Task Start_WithAPathThatIsTooLong_SaysSo()
    {
        await using var fixture = new ServerFixture(options => options.Socket = $"/run/{new string('x', 120)}/a.sock");
        var failure = await Assert.ThrowsAsync<DhcpHostException>(() => fixture.Server.StartAsync(Token));
        Assert.Contains("107 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_InAMissingDirectory_MakesItForTheOwnerAlone()
    {
        await using var fixture = new ServerFixture(options => options.Socket = Path.Combine(Path.GetDirectoryName(options.Socket)!, "sub", "a.sock"));
        await fixture.Server.StartAsync(Token);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(fixture.Options.Socket)!));
    }

    [Fact]
    public async Task Stop_RemovesTheSocket()
    {
        await using var fixture = await ServerFixture.StartAsync();
        await fixture.Server.StopAsync(Token);
        Assert.False(File.Exists(fixture.Options.Socket));
    }

    private static void LeaveStaleSocket(string path)
    {
        // A socket whose owner was killed leaves its file: .NET would remove it, so it is moved away and back.
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            File.Move(path, path + ".kept");
        }

        File.Move(path + ".kept", path);
    }
}

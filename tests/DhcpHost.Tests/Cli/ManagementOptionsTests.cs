using System.ComponentModel.DataAnnotations;
using DhcpHost.Http;
using DhcpHost.Toml;

namespace DhcpHost.Tests.Cli;

public sealed class ManagementOptionsTests
{
    [Fact]
    public void Defaults_AreValidAndClosed()
    {
        var options = new ManagementOptions();
        Assert.True(Validator.TryValidateObject(options, new(options), null, validateAllProperties: true));
        Assert.Equal(("", "0600", "", false), (options.Socket, options.SocketMode, options.Tcp, options.TcpChanges));
    }

    [Fact]
    public void Socket_ThatIsNotNamed_IsInTheRuntimeDirectory()
    {
        Assert.Equal("/run/lab/dhcphost.sock", new ManagementOptions().SocketIn("/run/lab"));
        Assert.Equal("/run/a.sock", new ManagementOptions { Socket = "/run/a.sock" }.SocketIn("/run/lab"));
    }

    [Fact]
    public void Table_WithEveryKey_IsBound()
    {
        var bound = Bind(
            """
            socket = "/run/a.sock"
            socket_mode = "0660"
            socket_group = "adm"
            tcp = "9467"
            tcp_changes = true
            connections = 3
            followers = 2
            request_time = "5s"
            header_time = "2s"
            """);
        Assert.Empty(bound.Errors);
        Assert.True(bound.Value!.TryGetTcp(out var tcp));
        Assert.Equal("127.0.0.1:9467", tcp!.ToString());
    }

    [Theory]
    [InlineData("socket_mode = \"0755\"", "is not the mode of a socket")]
    [InlineData("socket_mode = \"rw\"", "is not the mode of a socket")]
    [InlineData("tcp = \"everywhere\"", "is neither a port nor ADDRESS:PORT")]
    [InlineData("tcp = \"10.0.0.1\"", "is neither a port nor ADDRESS:PORT")]
    [InlineData("tcp = \"::1\"", "is neither a port nor ADDRESS:PORT")]
    [InlineData("socket = \"a.sock\"", "must be an absolute path")]
    [InlineData("request_time = \"0s\"", "must be above zero")]
    [InlineData("sockt = \"/a\"", "sockt")]
    public void Table_ThatIsWrong_SaysWhere(string text, string expected)
    {
        var error = Assert.Single(Bind(text).Errors);
        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("host.toml:1:", error.ToString(), StringComparison.Ordinal);
    }

    private static TomlBindResult<ManagementOptions> Bind(string text) =>
        TomlBinder.Bind<ManagementOptions>(TomlDocument.Parse(text, "host.toml").Document!.Root);
}

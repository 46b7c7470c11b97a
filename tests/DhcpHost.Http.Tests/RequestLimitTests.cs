using System.Net;
using System.Net.Sockets;
using System.Text;
using DhcpHost.Testing;

namespace DhcpHost.Http.Tests;

public sealed class RequestLimitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Body_AboveTheLimit_IsRefusedByItsName()
    {
        await using var fixture = await ServerFixture.StartAsync();
        fixture.Limits = new() { RequestBytes = 1024 };
        using var declared = new ByteArrayContent(new byte[1025]);
        using var response = await fixture.Client.PostAsync("/v1/resync", declared, Token);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("limits.request_bytes allows 1024", (await ServerFixture.ProblemOfAsync(response)).Detail, StringComparison.Ordinal);
        Assert.Empty(fixture.Engine.Reasons);
    }

    [Fact]
    public async Task Body_OfUnknownLengthAboveTheLimit_IsRefused()
    {
        await using var fixture = await ServerFixture.StartAsync();
        fixture.Limits = new() { RequestBytes = 1024 };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/resync") { Content = new ByteArrayContent(new byte[4096]) };
        request.Headers.TransferEncodingChunked = true;
        using var response = await fixture.Client.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("urn:dhcphost:problem:too-large", (await ServerFixture.ProblemOfAsync(response)).Type);
    }

    [Fact]
    public async Task Head_ThatNeverEnds_IsCutAtItsTime()
    {
        await using var fixture = await ServerFixture.StartAsync(options => options.HeaderTime = TimeSpan.FromSeconds(1));
        using var slow = await ConnectAsync(fixture);
        _ = await slow.SendAsync("GET /v1/status HTTP/1.1\r\nHost: x\r\nX-Slow: "u8.ToArray(), Token);
        var answer = await ReadToEndAsync(slow);
        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Head_ThatIsTooLarge_IsRefused()
    {
        await using var fixture = await ServerFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/status");
        request.Headers.Add("X-Large", new string('x', 20_000));
        using var response = await fixture.Client.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Connections_BeyondTheLimit_AreClosedAndOthersStay()
    {
        await using var fixture = await ServerFixture.StartAsync(options => options.Connections = 2);
        using var first = await ConnectAsync(fixture);
        using var second = await ConnectAsync(fixture);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(first), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(second), StringComparison.Ordinal);
        using var third = await ConnectAsync(fixture);
        Assert.Equal("", await ReadToEndAsync(third));
        Assert.StartsWith("HTTP/1.1 200", await AskAsync(first), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Garbage_IsRefusedAndHarmsNobody()
    {
        await using var fixture = await ServerFixture.StartAsync();
        var random = new Random(7);
        for (var i = 0; i < 50; i++)
        {
            using var socket = await ConnectAsync(fixture);
            var garbage = new byte[random.Next(1, 2000)];
            random.NextBytes(garbage);
            _ = await socket.SendAsync(garbage, Token);
            socket.Shutdown(SocketShutdown.Send);
            Assert.DoesNotContain("200 OK", await ReadToEndAsync(socket), StringComparison.Ordinal);
        }

        Assert.Equal("ok\n", await fixture.Client.GetStringAsync("/healthz", Token));
    }

    [Fact]
    public async Task Tcp_IsLoopbackAndReadsOnly()
    {
        await using var fixture = await ServerFixture.StartAsync(options => options.Tcp = "0");
        fixture.Engine.Networks = [ServerFixture.StatusOf("lab")];
        Assert.True(IPAddress.IsLoopback(fixture.Server.TcpEndPoint!.Address));
        using var client = new HttpClient { BaseAddress = new($"http://{fixture.Server.TcpEndPoint}") };
        Assert.Equal("ok\n", await client.GetStringAsync("/healthz", Token));
        using var response = await client.PostAsync("/v1/networks/lab/resync", null, Token);
        Assert.Equal("urn:dhcphost:problem:read-only", (await ServerFixture.ProblemOfAsync(response)).Type);
        Assert.Empty(fixture.Engine.Resynced);
    }

    [Theory]
    [InlineData("rebound.example.org", null, "GET", HttpStatusCode.Forbidden)]
    [InlineData("localhost", null, "GET", HttpStatusCode.OK)]
    [InlineData("localhost", null, "POST", HttpStatusCode.Accepted)]
    [InlineData("localhost", "http://evil.example.org", "POST", HttpStatusCode.Forbidden)]
    [InlineData("localhost", "http://localhost", "POST", HttpStatusCode.Accepted)]
    public async Task Tcp_WithChanges_HearsNoPageOfAnotherSite(string host, string? origin, string method, HttpStatusCode expected)
    {
        await using var fixture = await ServerFixture.StartAsync(options => (options.Tcp, options.TcpChanges) = ("0", true));
        fixture.Engine.Networks = [ServerFixture.StatusOf("lab")];
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(new(method), $"http://{fixture.Server.TcpEndPoint}/v1/networks/lab{(method == "POST" ? "/resync" : "")}");
        request.Headers.Host = host;
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var response = await client.SendAsync(request, Token);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Tcp_OnAPortThatIsTaken_SaysSoAndLeavesNoSocket()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        await using var fixture = new ServerFixture(options => options.Tcp = taken.LocalEndpoint.ToString()!);
        var failure = await Assert.ThrowsAsync<Abstractions.Failures.DhcpHostException>(() => fixture.Server.StartAsync(Token));
        Assert.Contains("management.tcp", failure.Message, StringComparison.Ordinal);
        await fixture.Server.DisposeAsync();
        await Eventually.TrueAsync(() => !File.Exists(fixture.Options.Socket), cancellationToken: Token);
    }

    private static async Task<Socket> ConnectAsync(ServerFixture fixture)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(fixture.Options.Socket), Token);
        return socket;
    }

    private static async Task<string> AskAsync(Socket socket)
    {
        _ = await socket.SendAsync("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), Token);
        var buffer = new byte[4096];
        var text = "";
        while (!text.EndsWith("ok\n\r\n0\r\n\r\n", StringComparison.Ordinal) && !text.EndsWith("ok\n", StringComparison.Ordinal))
        {
            var read = await socket.ReceiveAsync(buffer, Token);
            if (read == 0)
            {
                break;
            }

            text += Encoding.ASCII.GetString(buffer, 0, read);
        }

        return text;
    }

    private static async Task<string> ReadToEndAsync(Socket socket)
    {
        var buffer = new byte[4096];
        var text = new StringBuilder();
        try
        {
            int read;
            while ((read = await socket.ReceiveAsync(buffer, Token).AsTask().WaitAsync(Eventually.DefaultDeadline, TimeProvider.System, Token)) > 0)
            {
                _ = text.Append(Encoding.ASCII.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
            // Reset: what came before it counts.
        }

        return text.ToString();
    }
}

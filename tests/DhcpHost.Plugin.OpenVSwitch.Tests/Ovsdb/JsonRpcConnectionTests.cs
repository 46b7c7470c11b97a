using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using DhcpHost.Plugin.OpenVSwitch.Ovsdb;
using DhcpHost.Testing;

namespace DhcpHost.Plugin.OpenVSwitch.Tests.Ovsdb;

/// <summary>Against a server that misbehaves, over a real socket.</summary>
public sealed class JsonRpcConnectionTests : IAsyncLifetime
{
    private readonly List<string> _notifications = [];
    private JsonRpcConnection _connection = null!;
    private NetworkStream _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        listener.Listen(1);
        var endpoint = OvsdbEndpoint.Parse($"tcp:127.0.0.1:{((System.Net.IPEndPoint)listener.LocalEndPoint!).Port}");
        var client = await endpoint.ConnectAsync(Token);
        _server = new(await listener.AcceptAsync(Token), ownsSocket: true);
        _connection = new(client, (method, parameters) => _notifications.Add($"{method} {parameters}"));
    }

    public ValueTask DisposeAsync()
    {
        _connection.Dispose();
        return _server.DisposeAsync();
    }

    [Fact]
    public async Task Answers_come_to_their_calls_in_whatever_order_and_pieces()
    {
        var first = _connection.CallAsync("a", [], Token);
        var second = _connection.CallAsync("b", [], Token);
        _ = await ReadAsync(2);

        foreach (var octet in Encoding.UTF8.GetBytes("""{"id":2,"result":"zwei€","error":null}{"id":1,"error":null,"result":[1]}"""))
        {
            await _server.WriteAsync(new[] { octet }, Token);
        }

        Assert.Equal("[1]", (await first).GetRawText());
        Assert.Equal("zwei€", (await second).GetString());
    }

    [Fact]
    public async Task An_error_is_the_calls_and_the_connection_lives_on()
    {
        var refused = _connection.CallAsync("a", [], Token);
        await SendAsync("""{"id":1,"result":null,"error":{"error":"unknown database"}}""");
        var exception = await Assert.ThrowsAsync<OvsdbException>(() => refused);
        Assert.Contains("unknown database", exception.Message, StringComparison.Ordinal);

        var good = _connection.CallAsync("b", [], Token);
        await SendAsync("""{"id":2,"result":7,"error":null}""");
        Assert.Equal(7, (await good).GetInt32());
    }

    [Fact]
    public async Task An_echo_is_answered_and_an_update_passed_on()
    {
        await SendAsync("""{"id":"echo","method":"echo","params":["x"]}  {"id":null,"method":"update","params":["m",{}]}""");

        var answer = Assert.Single(await ReadAsync(1));
        Assert.Equal("""["x"]""", answer["result"]!.ToJsonString());
        Assert.Equal("echo", (string?)answer["id"]);
        await Eventually.TrueAsync(() => _notifications.Count == 1, cancellationToken: Token);
        Assert.Equal("""update ["m",{}]""", _notifications[0]);
    }

    [Theory]
    [InlineData("no json at all")]
    [InlineData("[1]")]
    [InlineData("")]
    public async Task A_server_that_hangs_up_or_talks_nonsense_ends_every_call(string last)
    {
        var call = _connection.CallAsync("a", [], Token);
        await SendAsync(last);
        _server.Close();

        _ = await Assert.ThrowsAsync<OvsdbException>(() => call);
        _ = await _connection.Closed.WaitAsync(Eventually.DefaultDeadline, Token);
        _ = await Assert.ThrowsAsync<OvsdbException>(() => _connection.CallAsync("b", [], Token));
    }

    [Fact]
    public async Task A_call_that_is_given_up_leaves_the_others_alone()
    {
        using var patience = new CancellationTokenSource();
        var given = _connection.CallAsync("a", [], patience.Token);
        var kept = _connection.CallAsync("b", [], Token);
        await patience.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);

        await SendAsync("""{"id":1,"result":1,"error":null}{"id":2,"result":2,"error":null}""");
        Assert.Equal(2, (await kept).GetInt32());
    }

    [Theory]
    [InlineData("unix:/run/openvswitch/db.sock", "/run/openvswitch/db.sock", "", 0, false)]
    [InlineData("tcp:127.0.0.1:6640", null, "127.0.0.1", 6640, false)]
    [InlineData("tcp:[::1]:6640", null, "::1", 6640, false)]
    [InlineData("ssl:db.example:6640", null, "db.example", 6640, true)]
    public void An_endpoint_is_read(string text, string? path, string host, int port, bool isSecure) =>
        Assert.Equal(new OvsdbEndpoint(text, path, host, port, isSecure), OvsdbEndpoint.Parse(text));

    [Theory]
    [InlineData("ssl:6640")]
    [InlineData("tcp:6640")]
    [InlineData("tcp:host:0")]
    [InlineData("unix:relative")]
    public void What_is_no_endpoint_is_refused(string text) => Assert.Throws<FormatException>(() => OvsdbEndpoint.Parse(text));

    private async Task SendAsync(string text) => await _server.WriteAsync(Encoding.UTF8.GetBytes(text), Token);

    private async Task<IReadOnlyList<JsonObject>> ReadAsync(int count)
    {
        var reader = new JsonRpcReader(_server, 1 << 20);
        List<JsonObject> messages = [];
        while (messages.Count < count)
        {
            messages.Add(JsonObject.Create((await reader.ReadAsync(Token))!.Value)!);
        }

        return messages;
    }
}

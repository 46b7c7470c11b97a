using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using DhcpHost.Plugin.Neutron.Messaging;

namespace DhcpHost.Plugin.Neutron.Tests.Fakes;

/// <summary>A transport without a broker: answers are functions, casts are put in by hand.</summary>
internal sealed class FakeTransport : IRpcTransport
{
    private readonly ConcurrentDictionary<string, Func<JsonObject, CancellationToken, Task<JsonNode?>>> _methods = new();
    private readonly Channel<RpcEvent> _events = Channel.CreateUnbounded<RpcEvent>();
    private readonly ConcurrentQueue<RpcCall> _calls = new();

    public FakeTransport()
    {
        On("report_state", _ => "alive");
        On("dhcp_ready_on_ports", _ => null);
        On("release_dhcp_port", _ => null);
        On("get_active_networks_info", _ => new JsonArray());
        On("get_network_info", _ => null);
    }

    public bool IsListenedTo { get; private set; }

    public bool IsOpened { get; private set; }

    public IReadOnlyList<RpcCall> Calls => [.. _calls];

    public IEnumerable<JsonObject> ArgumentsOf(string method) => Calls.Where(call => call.Method == method).Select(call => call.Arguments);

    public int Count(string method) => Calls.Count(call => call.Method == method);

    public void On(string method, Func<JsonObject, JsonNode?> answer) => _methods[method] = (arguments, _) => Task.FromResult(answer(arguments));

    public void On(string method, Func<JsonObject, CancellationToken, Task<JsonNode?>> answer) => _methods[method] = answer;

    public void Tell(RpcEvent item) => Assert.True(_events.Writer.TryWrite(item));

    public void Connect(bool isFirst = true) => Tell(new RpcEvent.Connected("127.0.0.1:5672", isFirst));

    public void Cast(string method, JsonNode payload) => Cast(method, JsonSerializer.SerializeToElement(new JsonObject { ["payload"] = payload.DeepClone() }));

    public void Cast(string method, JsonElement arguments) => Tell(new RpcEvent.Cast(method, arguments, DateTimeOffset.UnixEpoch));

    public void Open() => IsOpened = true;

    public async Task<JsonElement> CallAsync(RpcCall call, CancellationToken cancellationToken)
    {
        _calls.Enqueue(call);
        var answer = await _methods[call.Method](call.Arguments, cancellationToken);
        return JsonSerializer.SerializeToElement(answer);
    }

    public IAsyncEnumerable<RpcEvent> ListenAsync(CancellationToken cancellationToken)
    {
        IsListenedTo = true;
        return _events.Reader.ReadAllAsync(cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _events.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}

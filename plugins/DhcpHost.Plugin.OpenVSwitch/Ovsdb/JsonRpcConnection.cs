using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DhcpHost.Plugin.OpenVSwitch.Ovsdb;

/// <summary>
/// JSON-RPC 1.0 over a stream, as OVSDB speaks it (RFC 7047 section 4): many calls at once, notifications of the server, and its echo requests, which are
/// answered so that it does not hang up. Thread-safe; once it is closed it stays closed.
/// </summary>
internal sealed class JsonRpcConnection : IDisposable
{
    private const int MaxMessageBytes = 64 << 20;

    private readonly Stream _stream;
    private readonly Action<string, JsonElement> _onNotification;
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonElement>> _calls = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource<string> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastId;

    /// <summary>Begins to read.</summary>
    /// <param name="stream">Becomes the connection's.</param>
    /// <param name="onNotification">Called with method and parameters of each, in order; it must be quick.</param>
    public JsonRpcConnection(Stream stream, Action<string, JsonElement> onNotification)
    {
        _stream = stream;
        _onNotification = onNotification;
        using (ExecutionContext.SuppressFlow())
        {
            _ = ReadAllAsync();
        }
    }

    /// <summary>Ends with the connection; says why.</summary>
    public Task<string> Closed => _closed.Task;

    /// <summary>Calls a method and waits for its answer.</summary>
    /// <exception cref="OvsdbException">The server refused it, or the connection is closed.</exception>
    public async Task<JsonElement> CallAsync(string method, JsonArray parameters, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        _calls[id] = answer;
        try
        {
            await WriteAsync(new JsonObject { ["method"] = method, ["params"] = parameters, ["id"] = id }, cancellationToken);
            if (_closed.Task.IsCompleted)
            {
                throw new OvsdbException(await _closed.Task);
            }

            return await answer.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            _ = _calls.TryRemove(id, out _);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Close("the connection was closed");

    private async Task ReadAllAsync()
    {
        try
        {
            var reader = new JsonRpcReader(_stream, MaxMessageBytes);
            while (await reader.ReadAsync(_end.Token) is { } message)
            {
                await ReceiveAsync(message);
            }

            Close("the server hung up");
        }
        catch (Exception exception) when (exception is IOException or SocketException or JsonException or InvalidDataException
            or ObjectDisposedException or OperationCanceledException or OvsdbException)
        {
            Close(exception.Message);
        }
    }

    private async Task ReceiveAsync(JsonElement message)
    {
        if (message.ValueKind is not JsonValueKind.Object)
        {
            throw new InvalidDataException("A message is no object.");
        }

        if (message.TryGetProperty("method", out var method) && method.ValueKind is JsonValueKind.String)
        {
            var parameters = message.TryGetProperty("params", out var value) ? value : default;
            if (method.ValueEquals("echo"))
            {
                var id = message.TryGetProperty("id", out var number) ? JsonNode.Parse(number.GetRawText()) : null;
                await WriteAsync(new JsonObject { ["result"] = JsonNode.Parse(parameters.GetRawText()), ["error"] = null, ["id"] = id }, _end.Token);
            }
            else
            {
                _onNotification(method.GetString()!, parameters);
            }
        }
        else if (message.TryGetProperty("id", out var id) && id.TryGetInt64(out var number) && _calls.TryRemove(number, out var call))
        {
            _ = message.TryGetProperty("error", out var error) && error.ValueKind is not JsonValueKind.Null
                ? call.TrySetException(new OvsdbException($"OVSDB refused: {error.GetRawText()}"))
                : call.TrySetResult(message.GetProperty("result"));
        }
    }

    private async Task WriteAsync(JsonObject message, CancellationToken cancellationToken)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(message);
        await _writing.WaitAsync(cancellationToken);
        try
        {
            // Half a message would spoil all that follow: one that is given up in the middle closes the connection.
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _end.Token);
            await _stream.WriteAsync(bytes, either.Token);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            Close(exception.Message);
            throw new OvsdbException(await _closed.Task, exception);
        }
        finally
        {
            _ = _writing.Release();
        }
    }

    private void Close(string reason)
    {
        if (!_closed.TrySetResult(reason))
        {
            return;
        }

        _end.Cancel();
        _stream.Dispose();
        foreach (var id in _calls.Keys)
        {
            if (_calls.TryRemove(id, out var call))
            {
                _ = call.TrySetException(new OvsdbException(reason));
            }
        }
    }
}

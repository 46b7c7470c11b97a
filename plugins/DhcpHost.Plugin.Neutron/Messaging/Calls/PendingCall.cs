using System.Text.Json;
using DhcpHost.Plugin.Neutron.Messaging.Wire;

namespace DhcpHost.Plugin.Neutron.Messaging.Calls;

/// <summary>A call that waits for its answer. Sent again, it keeps its id: an answer to the first sending is as good as one to the second.</summary>
internal sealed class PendingCall
{
    private static readonly JsonElement Null = JsonElement.Parse("null"u8);

    private readonly TaskCompletionSource<JsonElement> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<string> _returned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private JsonElement _result = Null;

    public string Id { get; } = OsloCall.NewId();

    public Task<JsonElement> Answer => _answer.Task;

    /// <summary>Ends, with the broker's reason, if the last sending could not be delivered.</summary>
    public Task<string> Returned => _returned.Task;

    public void BeginSending() => _returned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Return(string reason) => _returned.TrySetResult(reason);

    /// <summary>The answer, or a part of it.</summary>
    public void Take(OsloReply reply)
    {
        if (reply.Failure is { } failure)
        {
            _ = _answer.TrySetException(failure);
            return;
        }

        if (reply.Value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null))
        {
            _result = reply.Value;
        }

        if (reply.IsEnding)
        {
            _ = _answer.TrySetResult(_result);
        }
    }

    public void Fail(RpcUnavailableException failure) => _answer.TrySetException(failure);
}

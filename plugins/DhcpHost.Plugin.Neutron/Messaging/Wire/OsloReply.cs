using System.Text.Json;

namespace DhcpHost.Plugin.Neutron.Messaging.Wire;

/// <summary>An answer, or a part of one: servers of old send the result and the end in two messages.</summary>
/// <param name="MessageId">Of the call that it answers.</param>
/// <param name="Value">What the method returned.</param>
/// <param name="Failure">What it raised instead.</param>
/// <param name="IsEnding">Whether no part follows.</param>
internal sealed record OsloReply(string MessageId, JsonElement Value, RpcRemoteException? Failure, bool IsEnding)
{
    private const int MaxMessageLength = 2000;
    private const string UnknownType = "RemoteError";

    /// <exception cref="MalformedMessageException">It is none.</exception>
    public static OsloReply Read(ReadOnlySpan<byte> body)
    {
        var message = OsloMessage.Open(body);
        if (OsloMessage.Text(message, "_msg_id") is not { } id)
        {
            throw new MalformedMessageException("_msg_id is missing");
        }

        var failure = message.TryGetProperty("failure", out var value) && value.ValueKind != JsonValueKind.Null ? ReadFailure(value) : null;
        var isEnding = message.TryGetProperty("ending", out var ending) && ending.ValueKind == JsonValueKind.True;
        return new(id, message.TryGetProperty("result", out var result) ? result : default, failure, isEnding);
    }

    /// <summary>JSON in a string: <c>class</c>, <c>module</c>, <c>message</c>, and the server's stack, which is of no use here.</summary>
    private static RpcRemoteException ReadFailure(JsonElement value)
    {
        try
        {
            var failure = value.ValueKind == JsonValueKind.String ? JsonElement.Parse(value.GetString()!) : value;
            if (failure.ValueKind == JsonValueKind.Object)
            {
                return new(Text(failure, "class", UnknownType), Text(failure, "message", ""));
            }
        }
        catch (JsonException)
        {
            // It failed all the same; only how is not known.
        }

        return new(UnknownType, "the server's description of it cannot be read");
    }

    private static string Text(JsonElement failure, string name, string otherwise)
    {
        if (!failure.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String)
        {
            return otherwise;
        }

        string text;
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return otherwise;
        }

        return text.Length <= MaxMessageLength ? text : text[..MaxMessageLength] + "…";
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace DhcpHost.Plugin.Neutron.Tests.Messaging;

/// <summary>Messages that a real neutron-server sent (messages.jsonl).</summary>
internal static class SampleMessages
{
    public static IReadOnlyList<JsonObject> All { get; } =
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Messaging", "messages.jsonl")).Select(line => JsonNode.Parse(line)!.AsObject())];

    /// <summary>A cast of that method, with a unique id of its own, in its envelope.</summary>
    public static byte[] Cast(string method) => Wrap(Fresh(All.First(message => message["method"]?.GetValue<string>() == method)).ToJsonString());

    /// <summary>A copy with a unique id of its own.</summary>
    public static JsonObject Fresh(JsonObject message)
    {
        var copy = message.DeepClone().AsObject();
        copy["_unique_id"] = Guid.NewGuid().ToString("N");
        return copy;
    }

    public static byte[] Wrap(string message) =>
        JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["oslo.version"] = "2.0", ["oslo.message"] = message });
}

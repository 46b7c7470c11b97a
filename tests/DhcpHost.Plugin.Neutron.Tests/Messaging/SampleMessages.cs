using System.Text.Json;
using System.Text.Json.Nodes;
using DhcpHost.Plugin.Neutron.Tests.Fakes;

namespace DhcpHost.Plugin.Neutron.Tests.Messaging;

/// <summary>Casts to agents that a real neutron-server sent, as messages.</summary>
internal static class SampleMessages
{
    public static IReadOnlyList<JsonObject> All { get; } =
    [
        .. Recorded.Casts.Select(cast => new JsonObject
        {
            ["method"] = cast.Method,
            ["args"] = new JsonObject { ["payload"] = cast.Payload.DeepClone() },
            ["version"] = "1.0",
            ["_unique_id"] = "",
            ["_context_is_admin"] = true,
            ["_context_roles"] = new JsonArray("admin"),
            ["_context_user_identity"] = "- fake_project_id - - -",
        }),
    ];

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

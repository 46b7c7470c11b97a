using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DhcpHost.Plugin.Neutron.Messaging.Wire;

/// <summary>
/// Writes a call as oslo.messaging sends it: an envelope <c>{"oslo.version", "oslo.message"}</c> whose message is JSON in a string, with the method, its
/// arguments, where to answer, and the context of an administrator as neutron-lib makes it.
/// </summary>
/// <remarks>Source: oslo.messaging, <c>_drivers/amqpdriver.py</c> and <c>_drivers/common.py</c>; neutron-lib, <c>context.py</c>.</remarks>
internal static class OsloCall
{
    // What is escaped beyond need would be escaped again by the envelope.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The context of an administrator without a user: these keys are null.</summary>
    private static readonly string[] NullContext =
    [
        "user", "user_id", "user_name", "user_domain", "tenant_id", "tenant_name", "project", "project_id", "project_name", "project_domain", "domain",
        "system_scope", "auth_token", "resource_uuid", "global_request_id",
    ];

    /// <param name="call">What to call.</param>
    /// <param name="messageId">What the answer will name.</param>
    /// <param name="replyQueue">The queue to answer to.</param>
    /// <param name="now">The time of the request.</param>
    public static ReadOnlyMemory<byte> Write(RpcCall call, string messageId, string replyQueue, DateTimeOffset now)
    {
        var message = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(message, Plain))
        {
            json.WriteStartObject();
            json.WriteString("method", call.Method);
            json.WritePropertyName("args");
            ((JsonNode)call.Arguments).WriteTo(json);
            json.WriteString("version", call.Version);
            json.WriteString("_msg_id", messageId);
            json.WriteString("_reply_q", replyQueue);
            json.WriteNull("_timeout");
            json.WriteString("_unique_id", NewId());
            WriteContext(json, now);
            json.WriteEndObject();
        }

        var envelope = new ArrayBufferWriter<byte>(message.WrittenCount + (message.WrittenCount / 4) + 64);
        using (var json = new Utf8JsonWriter(envelope, Plain))
        {
            json.WriteStartObject();
            json.WriteString("oslo.version", "2.0");
            json.WriteString("oslo.message", message.WrittenSpan);
            json.WriteEndObject();
        }

        return envelope.WrittenMemory;
    }

    /// <summary>An id as <c>uuid4().hex</c> is.</summary>
    public static string NewId() => Guid.NewGuid().ToString("N");

    private static void WriteContext(Utf8JsonWriter json, DateTimeOffset now)
    {
        foreach (var key in NullContext)
        {
            json.WriteNull($"_context_{key}");
        }

        json.WriteBoolean("_context_is_admin", true);
        json.WriteBoolean("_context_is_admin_project", true);
        json.WriteBoolean("_context_read_only", false);
        json.WriteBoolean("_context_show_deleted", false);
        json.WriteStartArray("_context_roles");
        json.WriteEndArray();
        json.WriteString("_context_user_identity", "- - - - -");
        json.WriteString("_context_request_id", $"req-{Guid.NewGuid():D}");
        json.WriteString("_context_timestamp", now.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture));
    }
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using DhcpHost.Linux.Processes;

namespace DhcpHost.Plugin.Dnsmasq.Server;

/// <summary>The driver's own notes as JSON, member by member.</summary>
/// <remarks>Not by a serialiser: a driver's code is compiled at each start of the host, and a serialiser of these three types is sixty methods.</remarks>
internal static class StateJson
{
    public static byte[] Write(AppliedState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", state.Version);
            WriteIdentity(writer, state.Identity);
            writer.WriteString("binary_version", state.BinaryVersion);
            writer.WriteString("hosts", state.Hosts);
            writer.WriteString("addn_hosts", state.AddnHosts);
            writer.WriteString("opts", state.Opts);
            writer.WriteBoolean("has_tagged_hosts", state.HasTaggedHosts);
            writer.WriteBoolean("gives_endless_leases", state.GivesEndlessLeases);
            writer.WriteString("namespace", state.Namespace);
            writer.WriteString("device", state.Device);
            writer.WriteStartArray("addresses");
            foreach (var address in state.Addresses)
            {
                writer.WriteStringValue(address);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static string Write(HandleState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            WriteIdentity(writer, state.Identity);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>What a server has read; <c>null</c> where there is no note of it that can be read.</summary>
    public static AppliedState? ReadApplied(string? json)
    {
        if (json is null)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            var state = document.RootElement;
            return state.GetProperty("version").GetInt32() != AppliedState.CurrentVersion ? null : new()
            {
                Identity = Identity(state) ?? throw new JsonException("identity is null"),
                BinaryVersion = Text(state, "binary_version"),
                Hosts = Text(state, "hosts"),
                AddnHosts = Text(state, "addn_hosts"),
                Opts = Text(state, "opts"),
                HasTaggedHosts = state.GetProperty("has_tagged_hosts").GetBoolean(),
                GivesEndlessLeases = state.GetProperty("gives_endless_leases").GetBoolean(),
                Namespace = Text(state, "namespace"),
                Device = Text(state, "device"),
                Addresses = Addresses(state),
            };
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // No JSON, a member that is missing, of another kind, or out of its range.
            return null;
        }
    }

    /// <summary>What a handle says; <c>null</c> where it says nothing that can be read.</summary>
    public static HandleState? ReadHandle(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new(Identity(document.RootElement));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // No JSON, a member that is missing, of another kind, or out of its range.
            return null;
        }
    }

    private static void WriteIdentity(Utf8JsonWriter writer, ProcessIdentity? identity)
    {
        if (identity is null)
        {
            writer.WriteNull("identity");
            return;
        }

        writer.WriteStartObject("identity");
        writer.WriteNumber("pid", identity.Pid);
        writer.WriteNumber("start_time", identity.StartTime);
        writer.WriteString("boot_id", identity.BootId);
        writer.WriteString("marker", identity.Marker);
        writer.WriteEndObject();
    }

    private static ProcessIdentity? Identity(JsonElement state)
    {
        if (!state.TryGetProperty("identity", out var identity) || identity.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return new(
            identity.GetProperty("pid").GetInt32(), identity.GetProperty("start_time").GetUInt64(), Text(identity, "boot_id"), Text(identity, "marker"));
    }

    private static List<string> Addresses(JsonElement state)
    {
        var addresses = new List<string>();
        foreach (var address in state.GetProperty("addresses").EnumerateArray())
        {
            addresses.Add(address.GetString() ?? throw new JsonException("an address is null"));
        }

        return addresses;
    }

    private static string Text(JsonElement element, string name) =>
        element.GetProperty(name).GetString() ?? throw new JsonException($"{name} is null");
}

using System.Text.Json;

namespace DhcpHost.Plugin.OpenVSwitch.Ovsdb;

/// <summary>A port with its one interface, as OVSDB has it.</summary>
internal sealed record OvsPort
{
    public required string Uuid { get; init; }

    public required string Name { get; init; }

    /// <summary>The bridge that it is on; <c>null</c> for none.</summary>
    public string? Bridge { get; init; }

    /// <summary><c>internal</c>, or empty for a link of the kernel.</summary>
    public string Type { get; init; } = "";

    /// <summary>Neutron's <c>iface-id</c>, <c>iface-status</c> and <c>attached-mac</c>, and whatever else is there.</summary>
    public IReadOnlyDictionary<string, string> ExternalIds { get; init; } = new Dictionary<string, string>();

    /// <summary>The VLAN; <c>null</c> for none.</summary>
    public int? Tag { get; init; }

    /// <summary>Empty for the default.</summary>
    public string VlanMode { get; init; } = "";

    /// <summary>What ovs-vswitchd says is wrong with it; empty for nothing.</summary>
    public string Error { get; init; } = "";

    public static OvsPort Parse(string name, JsonElement port, JsonElement? link) => new()
    {
        Uuid = port.GetProperty("_uuid")[1].GetString()!,
        Name = name,
        Tag = port.GetProperty("tag") is { ValueKind: JsonValueKind.Number } tag ? tag.GetInt32() : null,
        VlanMode = Text(port.GetProperty("vlan_mode")),
        Type = link is { } row ? Text(row.GetProperty("type")) : "",
        Error = link is { } failed ? Text(failed.GetProperty("error")) : "",
        ExternalIds = link is { } known
            ? known.GetProperty("external_ids")[1].EnumerateArray().ToDictionary(pair => pair[0].GetString()!, pair => pair[1].GetString()!)
            : new Dictionary<string, string>(),
    };

    // An optional value is itself, or an empty set.
    private static string Text(JsonElement value) => value.ValueKind is JsonValueKind.String ? value.GetString()! : "";
}

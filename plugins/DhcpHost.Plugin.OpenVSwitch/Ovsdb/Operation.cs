using System.Text.Json.Nodes;

namespace DhcpHost.Plugin.OpenVSwitch.Ovsdb;

/// <summary>Operations of a transaction (RFC 7047 section 5.2) and the notation of values (section 5.1).</summary>
internal static class Operation
{
    public static JsonObject Select(string table, JsonArray where, params string[] columns) => new()
    {
        ["op"] = "select",
        ["table"] = table,
        ["where"] = where,
        ["columns"] = new JsonArray([.. columns.Select(column => JsonValue.Create(column))]),
    };

    public static JsonObject Insert(string table, string name, JsonObject row) =>
        new() { ["op"] = "insert", ["table"] = table, ["uuid-name"] = name, ["row"] = row };

    public static JsonObject Update(string table, JsonArray where, JsonObject row) =>
        new() { ["op"] = "update", ["table"] = table, ["where"] = where, ["row"] = row };

    public static JsonObject Mutate(string table, JsonArray where, string column, string mutator, JsonNode value) => new()
    {
        ["op"] = "mutate",
        ["table"] = table,
        ["where"] = where,
        ["mutations"] = new JsonArray(new JsonArray(column, mutator, value)),
    };

    /// <summary>The rows in which a column has a value.</summary>
    public static JsonArray Where(string column, string function, JsonNode value) => new(new JsonArray(column, function, value));

    public static JsonArray Uuid(string uuid) => new("uuid", uuid);

    public static JsonArray NamedUuid(string name) => new("named-uuid", name);

    public static JsonArray EmptySet => new("set", new JsonArray());

    public static JsonArray Map(params (string Key, string Value)[] pairs) =>
        new("map", new JsonArray([.. pairs.Select(pair => new JsonArray(pair.Key, pair.Value))]));
}

using System.Text.Json.Nodes;

namespace DhcpHost.Plugin.Neutron.Tests.Fakes;

/// <summary>What a real neutron-server and its own agent said to each other; the answer about all networks is cut down to one of them.</summary>
internal static class Recorded
{
    private static readonly Lazy<IReadOnlyList<JsonObject>> Lines = new(() =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Fixtures", "rpc-trace.jsonl")).Select(line => JsonNode.Parse(line)!.AsObject())]);

    /// <summary>The casts, in their order: method and payload.</summary>
    public static IEnumerable<(string Method, JsonNode Payload)> Casts =>
        Of("cast").Select(line => (line["method"]!.GetValue<string>(), line["args"]!["payload"]!));

    /// <summary>The calls of the agent, in their order.</summary>
    public static IEnumerable<JsonObject> Calls => Of("call");

    /// <summary>The answers to a method, in their order.</summary>
    public static IReadOnlyList<JsonNode?> Answers(string method) =>
        [.. Of("reply").Where(line => line["method"]!.GetValue<string>() == method).Select(line => line["result"]?.DeepClone())];

    private static IEnumerable<JsonObject> Of(string kind) => Lines.Value.Where(line => line["kind"]!.GetValue<string>() == kind);
}

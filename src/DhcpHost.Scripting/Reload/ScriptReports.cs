using System.Text.Json.Nodes;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Events;
using DhcpHost.Scripting.Sources;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Scripting.Reload;

/// <summary>Tells operators which scripts came into force and which did not.</summary>
internal sealed class ScriptReports(IEventLog events, TimeProvider timeProvider, ILogger logger)
{
    public void PutInForce(string name, ScriptSource source)
    {
        var origin = $"{Path.GetFileName(source.MainFile)}@{source.ShortHash}";
        var details = new JsonObject { ["script"] = name, ["hash"] = source.Hash, ["files"] = List(source.Files.Keys) };
        Record(EventSeverity.Info, "script.loaded", $"Script {name} is in force: {origin}", details);
    }

    public void Rejected(string name, string? inForce, IReadOnlyList<string> problems)
    {
        ScriptLog.Rejected(logger, name, string.Join('\n', problems));
        var instead = inForce is null ? "nothing of it is in force" : $"{inForce} stays in force";
        var more = problems.Count == 1 ? "" : $" (and {problems.Count - 1} more: dhcphost scripts)";
        var details = new JsonObject { ["script"] = name };
        if (inForce is not null)
        {
            details["in_force"] = inForce;
        }

        details["problems"] = List(problems);
        Record(EventSeverity.Error, "script.rejected", $"Script {name} is not put in force, {instead}: {problems[0]}{more}", details);
    }

    public void Removed(string name)
    {
        var details = new JsonObject { ["script"] = name };
        Record(EventSeverity.Info, "script.removed", $"Script {name} is gone; the built-in rule is in force", details);
    }

    public void CompilerFailed(DhcpHostException exception)
    {
        ScriptLog.CompilerFailed(logger, exception, exception.Message);
        Record(EventSeverity.Error, "script.compiler_failed", $"{exception.Message} What is in force stays; it is tried again at the next scan.", []);
    }

    private static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);

    // Nodes: a start puts all scripts in force, and no serialiser has to learn of a type for it.
    private void Record(EventSeverity severity, string kind, string message, JsonObject details) =>
        events.Record(new()
        {
            Time = timeProvider.GetUtcNow(),
            Severity = severity,
            Kind = kind,
            Message = message,
            Details = details.ToJsonString(ModelJson.Options),
        });
}

using System.Text.Json.Nodes;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Events;

namespace DhcpHost.Plugins.Supervision;

/// <summary>Writes what happens to plugins into the host's history.</summary>
internal sealed class PluginEvents(IEventLog log, TimeProvider timeProvider)
{
    public const string Loaded = "plugin.loaded";
    public const string Failed = "plugin.failed";
    public const string Swapped = "plugin.swapped";
    public const string Leaked = "plugin.leaked";
    public const string Removed = "plugin.removed";

    public void Record(string kind, EventSeverity severity, PluginId plugin, string message, string? version = null, string? sha256 = null)
    {
        var details = new JsonObject { ["plugin"] = plugin.Value };
        if (version is not null)
        {
            details["version"] = version;
        }

        if (sha256 is not null)
        {
            details["sha256"] = sha256;
        }

        log.Record(new() { Time = timeProvider.GetUtcNow(), Severity = severity, Kind = kind, Message = message, Details = details.ToJsonString() });
    }

    /// <summary>Records what is wrong with the directories rather than with one plugin.</summary>
    public void RecordProblem(string message, EventSeverity severity) =>
        log.Record(new() { Time = timeProvider.GetUtcNow(), Severity = severity, Kind = Failed, Message = message });
}

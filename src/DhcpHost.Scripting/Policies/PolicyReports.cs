using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;
using DhcpHost.Core.Events;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Scripting.Policies;

/// <summary>Where policies report, and by which rules of the host's.</summary>
internal sealed class PolicyReports(ScriptingOptions options, IEventLog events, TimeProvider timeProvider, ILogger logger)
{
    private readonly EventBudget _decisions = new(timeProvider, burst: 5000, perSecond: 50);
    private readonly EventBudget _failures = new(timeProvider, burst: 20, perSecond: 0.2);

    /// <summary>The scripts' folder, whole.</summary>
    public string Directory { get; } = Path.GetFullPath(options.Directory);

    /// <summary>Failed calls in a row after which a script is put aside.</summary>
    public int FailuresBeforeAside => options.FailuresBeforeAside;

    /// <summary>What a new script may take to be tried: its first calls are compiled.</summary>
    public TimeSpan LoadLimit { get; } = TimeSpan.FromSeconds(5);

    public void CallFailed(string policy, string origin, string problem, int count, Exception? exception)
    {
        if (!_failures.TryTake(out var dropped))
        {
            return;
        }

        ScriptLog.CallFailed(logger, exception, policy, problem);
        Record(
            EventSeverity.Warning,
            "policy.failed",
            null,
            $"Policy {policy}: {problem}. This call was decided by an earlier script or the built-in rule ({count} in a "
            + $"row{Suffix(dropped)}).",
            origin,
            null);
    }

    public void PutAside(string policy, string origin, string reason)
    {
        ScriptLog.PutAside(logger, policy, reason);
        Record(EventSeverity.Error, "policy.aside", null, $"Policy {policy}: {reason}", origin, null);
    }

    public void Decided(string policy, string origin, NetworkId? networkId, string message, Func<string> details)
    {
        if (_decisions.TryTake(out var dropped))
        {
            Record(EventSeverity.Info, "policy.decided", networkId, $"Policy {policy}: {message}{Suffix(dropped)}", origin, details());
        }
    }

    private static string Suffix(long dropped) => dropped == 0 ? "" : $"; {dropped} before it were too many to record";

    private void Record(EventSeverity severity, string kind, NetworkId? networkId, string message, string origin, string? details) =>
        events.Record(new()
        {
            Time = timeProvider.GetUtcNow(),
            Severity = severity,
            Kind = kind,
            NetworkId = networkId,
            Message = message,
            Details = details ?? System.Text.Json.JsonSerializer.Serialize(new { origin }, ModelJson.Options),
        });
}

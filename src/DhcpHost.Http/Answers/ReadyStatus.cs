using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Engine;

namespace DhcpHost.Http.Answers;

/// <summary>The answer of <c>GET /readyz</c>.</summary>
/// <param name="IsReady">The first sync is through. A network that is not served does not make the host unready.</param>
/// <param name="Problems">What is not as it should be.</param>
public sealed record ReadyStatus(bool IsReady, EquatableArray<string> Problems)
{
    /// <summary>Reads it off the engine.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="more">What is wrong besides.</param>
    public static ReadyStatus Of(EngineStatus engine, IEnumerable<string> more)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var problems = new List<string>();
        if (engine.StartedAt is null)
        {
            problems.Add("the engine is not started");
        }
        else if (!engine.IsSynced)
        {
            problems.Add($"the first sync is under way: {engine.SyncDone} of {engine.SyncTotal} networks");
        }

        if (engine.StateProblem is { } state)
        {
            problems.Add($"state store: {state}");
        }

        foreach (var (id, health) in engine.Sources.OrderBy(source => source.Key))
        {
            if (!health.IsHealthy)
            {
                problems.Add($"source {id}: {health.Message}");
            }
        }

        return new(engine.StartedAt is not null && engine.IsSynced, [.. problems, .. more]);
    }
}

using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Sources;

namespace DhcpHost.Core.Engine;

/// <summary>The engine in numbers.</summary>
public sealed record EngineStatus
{
    /// <summary>When it was started; <c>null</c> before.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Whether the first sync of all sources is through: every network was tried once.</summary>
    public bool IsSynced { get; init; }

    /// <summary>Networks by phase, as snake_case words.</summary>
    public IReadOnlyDictionary<string, int> Phases { get; init; } = new Dictionary<string, int>();

    /// <summary>Networks that the host knows.</summary>
    public int Networks { get; init; }

    /// <summary>Networks that were tried since the start of the last full sync.</summary>
    public int SyncDone { get; init; }

    /// <summary>Networks of the last full sync.</summary>
    public int SyncTotal { get; init; }

    /// <summary>Keys that wait for a worker.</summary>
    public int QueueLength { get; init; }

    /// <summary>Workers.</summary>
    public int Workers { get; init; }

    /// <summary>Workers that have a network now.</summary>
    public int BusyWorkers { get; init; }

    /// <summary>Servers that run.</summary>
    public int Servers { get; init; }

    /// <summary>Servers that were adopted at the start.</summary>
    public int AdoptedServers { get; init; }

    /// <summary>The sources and their health.</summary>
    public IReadOnlyDictionary<PluginId, SourceHealth> Sources { get; init; } = new Dictionary<PluginId, SourceHealth>();

    /// <summary>What the state store says of itself where it is not well: <c>disk full since …</c>; <c>null</c> where it is.</summary>
    public string? StateProblem { get; init; }
}

using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Engine;

namespace DhcpHost.Http.Answers;

/// <summary>The answer of <c>GET /v1/status</c>.</summary>
public sealed record HostStatus
{
    /// <summary>The host's version.</summary>
    public required string Version { get; init; }

    /// <summary>Its process.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Its clock.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The <c>host.toml</c> that it runs with.</summary>
    public string? ConfigPath { get; init; }

    /// <summary>Whether it serves as it should, as <c>/readyz</c> says.</summary>
    public required ReadyStatus Ready { get; init; }

    /// <summary>
    /// What is wrong besides networks and sources: a <c>host.toml</c> that was refused, a log file that cannot be written, failed plugins, scripts that are
    /// not in force.
    /// </summary>
    public EquatableArray<string> Problems { get; init; }

    /// <summary>The engine.</summary>
    public required EngineStatus Engine { get; init; }
}

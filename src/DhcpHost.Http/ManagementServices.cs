using DhcpHost.Core.Engine;
using DhcpHost.Core.Events;
using DhcpHost.Core.Jobs;
using DhcpHost.Core.Limits;
using DhcpHost.Core.Plugins;
using DhcpHost.Core.Scripts;

namespace DhcpHost.Http;

/// <summary>What the management API shows and steers.</summary>
public sealed record ManagementServices
{
    /// <summary>The engine.</summary>
    public required IEngine Engine { get; init; }

    /// <summary>The history.</summary>
    public required IEventLog Events { get; init; }

    /// <summary>The plugins.</summary>
    public required IPluginCatalog Plugins { get; init; }

    /// <summary>The scripts.</summary>
    public required IScriptCatalog Scripts { get; init; }

    /// <summary>The jobs.</summary>
    public required IJobCatalog Jobs { get; init; }

    /// <summary>The limits in force, asked at each request: a reload may change them.</summary>
    public required Func<LimitsOptions> Limits { get; init; }

    /// <summary>The host's version.</summary>
    public string Version { get; init; } = "";

    /// <summary>The <c>host.toml</c> that the host runs with.</summary>
    public string ConfigPath { get; init; } = "";

    /// <summary>Why what it says now is not in force; <c>null</c> where it is.</summary>
    public Func<string?> ConfigProblem { get; init; } = static () => null;

    /// <summary>Why the log file cannot be written; <c>null</c> where it can.</summary>
    public Func<string?> LogProblem { get; init; } = static () => null;
}

using DhcpHost.Core.Plugins;
using DhcpHost.Core.Scripts;

namespace DhcpHost.Hosting;

/// <summary>What <c>dhcphost check</c> found.</summary>
public sealed record CheckReport
{
    /// <summary>Everything that is wrong, one line each, with its place first where it has one.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>The plugins, as they would be loaded; empty where <c>host.toml</c> is no TOML, or its table <c>[plugins]</c> is wrong.</summary>
    public IReadOnlyList<PluginStatus> Plugins { get; init; } = [];

    /// <summary>The scripts, compiled as they are on disk; empty where <c>host.toml</c> itself is wrong.</summary>
    public IReadOnlyList<ScriptStatus> Scripts { get; init; } = [];

    /// <summary>Networks that the sources tell of.</summary>
    public int Networks { get; init; }

    /// <summary>The code to exit with: <see cref="ExitCodes.Success"/>, <see cref="ExitCodes.Failure"/> or <see cref="ExitCodes.Config"/>.</summary>
    public required int ExitCode { get; init; }
}

using DhcpHost.Plugins;
using DhcpHost.Toml;

namespace DhcpHost.Configuration;

/// <summary>A <c>host.toml</c> that is TOML, but wrong: what is needed to go on looking for errors in it.</summary>
public sealed record RefusedConfig
{
    /// <summary>Its directory: where relative paths start.</summary>
    public required string Directory { get; init; }

    /// <summary>Its text, read.</summary>
    public required TomlDocument Document { get; init; }

    /// <summary>What the host itself finds wrong.</summary>
    public required IReadOnlyList<TomlError> Errors { get; init; }

    /// <summary>Its table <c>[plugins]</c>; <c>null</c> where that is wrong, so that it is not known whose code may be loaded.</summary>
    public required PluginsOptions? Plugins { get; init; }
}

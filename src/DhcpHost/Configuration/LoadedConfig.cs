using DhcpHost.Plugins;
using DhcpHost.Scheduling.Definition;
using DhcpHost.Toml;

namespace DhcpHost.Configuration;

/// <summary>A <c>host.toml</c> that was read and checked: nothing in it is wrong, and all paths are whole.</summary>
public sealed record LoadedConfig
{
    /// <summary>The file, whole.</summary>
    public required string Path { get; init; }

    /// <summary>Its directory: where relative paths start.</summary>
    public required string Directory { get; init; }

    /// <summary>What it says.</summary>
    public required HostConfig Config { get; init; }

    /// <summary>Its jobs, with the built-in ones that it does not name.</summary>
    public required IReadOnlyDictionary<string, JobSpec> Jobs { get; init; }

    /// <summary>Its text, read.</summary>
    public required TomlDocument Document { get; init; }

    /// <summary>The plugins' own tables.</summary>
    public PluginTables PluginTables => PluginTables.Of(Document);
}

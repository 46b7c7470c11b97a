using System.Collections.Immutable;
using DhcpHost.Core.Plugins;
using DhcpHost.Toml;

namespace DhcpHost.Plugins.Supervision;

/// <summary>What the check of one plugin found.</summary>
/// <param name="Status">Discovered where it could be started, Failed with the reason where not.</param>
/// <param name="Kind">Its kind; <c>null</c> where its manifest cannot be read.</param>
/// <param name="OptionErrors">What is wrong in its table, where that is why it failed.</param>
internal sealed record PluginFinding(PluginStatus Status, PluginKind? Kind, ImmutableArray<TomlError> OptionErrors)
{
    /// <summary>What is wrong with it that is not in its table; <c>null</c> where nothing is.</summary>
    public string? Problem => Status.State == PluginState.Failed && OptionErrors.IsEmpty ? $"plugin {Status.Id}: {Status.Message}" : null;
}

using DhcpHost.Core.Plugins;
using DhcpHost.Toml;

namespace DhcpHost.Plugins;

/// <summary>What a look at all plugins found that started none.</summary>
/// <param name="Plugins">Each plugin, Discovered where it could be started, Failed with the reason where not.</param>
/// <param name="TableErrors">What is wrong in the plugins' tables of <c>host.toml</c>; also tables for which there is no plugin. In the file's order.</param>
/// <param name="Problems">What else is wrong with plugins, one line each.</param>
public sealed record PluginCheckReport(IReadOnlyList<PluginStatus> Plugins, IReadOnlyList<TomlError> TableErrors, IReadOnlyList<string> Problems);

using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugins.Loading;

/// <summary>What one plugin is given.</summary>
internal sealed record PluginContext(
    PluginId Id, string HostName, string StateDirectory, string ConfigDirectory, TimeProvider TimeProvider, ILoggerFactory LoggerFactory) : IPluginContext;

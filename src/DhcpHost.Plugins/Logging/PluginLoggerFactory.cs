using DhcpHost.Abstractions.Networks;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugins.Logging;

/// <summary>
/// A plugin's own face of the host's log: its categories begin with its id, and nothing of its types stays behind in the host's log.
/// </summary>
internal sealed class PluginLoggerFactory(ILoggerFactory host, PluginId plugin) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new PluginLogger(host.CreateLogger($"Plugin.{plugin}.{categoryName}"));

    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("Where the log goes is the operator's choice, in host.toml; a plugin adds no provider.");

    public void Dispose()
    {
        // The host's factory is the host's.
    }
}

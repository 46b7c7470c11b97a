using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.DriverConformance.Suite;

/// <summary>What a test gives a plugin: a directory, and nothing to log to.</summary>
public sealed class LabPluginContext(string id, string stateDirectory) : IPluginContext
{
    /// <inheritdoc/>
    public PluginId Id { get; } = new(id);

    /// <inheritdoc/>
    public string HostName => "testhost";

    /// <inheritdoc/>
    public string StateDirectory => stateDirectory;

    /// <inheritdoc/>
    public string ConfigDirectory => stateDirectory;

    /// <inheritdoc/>
    public TimeProvider TimeProvider => TimeProvider.System;

    /// <inheritdoc/>
    public ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;
}

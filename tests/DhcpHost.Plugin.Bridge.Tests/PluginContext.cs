using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Plugin.Bridge.Tests;

internal sealed class PluginContext(string stateDirectory) : IPluginContext
{
    public PluginId Id { get; } = new("bridge");

    public string HostName => "testhost";

    public string StateDirectory => stateDirectory;

    public string ConfigDirectory => stateDirectory;

    public TimeProvider TimeProvider => TimeProvider.System;

    public ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;
}

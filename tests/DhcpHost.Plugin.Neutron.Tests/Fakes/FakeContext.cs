using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Plugins;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Plugin.Neutron.Tests.Fakes;

internal sealed class FakeContext(TimeProvider timeProvider) : IPluginContext
{
    public PluginId Id { get; } = new("neutron");

    public string HostName => "labhost";

    public string StateDirectory => "/nowhere";

    public string ConfigDirectory => "/nowhere";

    public TimeProvider TimeProvider => timeProvider;

    public ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;
}

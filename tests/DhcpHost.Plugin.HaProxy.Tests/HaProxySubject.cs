using DhcpHost.Abstractions.Drivers;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.HaProxy.Configuration;
using DhcpHost.Plugin.HaProxy.Server;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Plugin.HaProxy.Tests;

/// <summary>The driver with real HAProxies.</summary>
public sealed class HaProxySubject : LabMetadataSubject
{
    private HaProxyDriver _driver;

    public HaProxySubject(Action<HaProxyOptions>? configure = null)
    {
        Options.MetadataProxySocket = AgentSocket;
        Options.StopTimeout = TimeSpan.FromSeconds(2);
        configure?.Invoke(Options);
        _driver = NewDriver();
    }

    public HaProxyOptions Options { get; } = new();

    public override IMetadataDriver Driver => _driver;

    /// <summary>The file of a proxy's configuration.</summary>
    public string ConfigOf(ServerKey key) => ProxyPaths.Of(Home, key).Config;

    /// <summary>The processes of a proxy.</summary>
    public IReadOnlyList<ProcessIdentity> ProcessesOf(ServerKey key) => ProcessIdentity.FindByMarker(ConfigOf(key));

    public override Task RestartHostAsync()
    {
        _driver.Dispose();
        _driver = NewDriver();
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await Lab.KillAsync(ProcessIdentity.FindByMarker(Home), CancellationToken.None);
        _driver.Dispose();
        await base.DisposeAsync();
    }

    private HaProxyDriver NewDriver() => new(Options, Home, "1.0.0", TimeProvider.System, NullLogger.Instance);
}

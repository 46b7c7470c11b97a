using DhcpHost.Abstractions.Plugins;
using DhcpHost.Plugin.HaProxy.Server;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.HaProxy;

/// <summary>The driver <c>haproxy</c>.</summary>
public sealed class HaProxyPlugin : IPlugin
{
    private HaProxyDriver? _driver;

    /// <inheritdoc/>
    public Type OptionsType => typeof(HaProxyOptions);

    /// <inheritdoc/>
    public ValueTask<PluginContents> StartAsync(IPluginContext context, object options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var typed = (HaProxyOptions)options;
        typed.MetadataProxySocket = Path.GetFullPath(typed.MetadataProxySocket, context.ConfigDirectory);
        var state = typed.StateDirectory.Length > 0 ? Path.GetFullPath(typed.StateDirectory, context.ConfigDirectory) : context.StateDirectory;
        var version = typeof(HaProxyPlugin).Assembly.GetName().Version?.ToString(3) ?? "0";
        _driver = new(typed, Path.TrimEndingDirectorySeparator(state), version, context.TimeProvider, context.LoggerFactory.CreateLogger<HaProxyPlugin>());
        return ValueTask.FromResult(new PluginContents { MetadataDrivers = [_driver] });
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _driver?.Dispose();
        return ValueTask.CompletedTask;
    }
}

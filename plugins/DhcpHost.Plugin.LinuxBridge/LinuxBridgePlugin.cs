using DhcpHost.Abstractions.Plugins;
using DhcpHost.Linux.Namespaces;

namespace DhcpHost.Plugin.LinuxBridge;

/// <summary>The plugin's entry.</summary>
public sealed class LinuxBridgePlugin : IPlugin
{
    private NetnsBroker? _broker;
    private LinuxBridgeInterfaceDriver? _driver;

    /// <inheritdoc/>
    public Type OptionsType => typeof(LinuxBridgeOptions);

    /// <inheritdoc/>
    public ValueTask<PluginContents> StartAsync(IPluginContext context, object options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        _broker = new NetnsBroker();
        _driver = new LinuxBridgeInterfaceDriver(context, (LinuxBridgeOptions)options, _broker);
        return new(new PluginContents { InterfaceDrivers = [_driver] });
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _driver?.Dispose();
        _broker?.Dispose();
        return ValueTask.CompletedTask;
    }
}

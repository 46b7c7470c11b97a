using DhcpHost.Abstractions.Plugins;
using DhcpHost.Linux.Namespaces;

namespace DhcpHost.Plugin.Bridge;

/// <summary>The plugin's entry.</summary>
public sealed class BridgePlugin : IPlugin
{
    private NetnsBroker? _broker;
    private BridgeInterfaceDriver? _driver;

    /// <inheritdoc/>
    public Type OptionsType => typeof(BridgeOptions);

    /// <inheritdoc/>
    public ValueTask<PluginContents> StartAsync(IPluginContext context, object options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        _broker = new NetnsBroker();
        _driver = new BridgeInterfaceDriver(context, (BridgeOptions)options, _broker);
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

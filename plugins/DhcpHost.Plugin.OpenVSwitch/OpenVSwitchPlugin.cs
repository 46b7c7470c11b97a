using DhcpHost.Abstractions.Plugins;
using DhcpHost.Linux.Namespaces;

namespace DhcpHost.Plugin.OpenVSwitch;

/// <summary>The plugin's entry.</summary>
public sealed class OpenVSwitchPlugin : IPlugin
{
    private NetnsBroker? _broker;
    private OpenVSwitchInterfaceDriver? _driver;

    /// <inheritdoc/>
    public Type OptionsType => typeof(OpenVSwitchOptions);

    /// <inheritdoc/>
    public ValueTask<PluginContents> StartAsync(IPluginContext context, object options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var settings = (OpenVSwitchOptions)options;
        _broker = new NetnsBroker();
        _driver = new OpenVSwitchInterfaceDriver(context, settings, _broker);
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

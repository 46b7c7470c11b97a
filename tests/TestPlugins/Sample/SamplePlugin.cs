using DhcpHost.Abstractions.Plugins;
using Microsoft.Extensions.Logging;

namespace TestPlugins.Sample;

/// <summary>The plugin's entry: the one public class that is an <see cref="IPlugin"/>.</summary>
public sealed class SamplePlugin : IPlugin
{
    private SampleDriver? _driver;

    /// <inheritdoc/>
    public Type OptionsType => typeof(SampleOptions);

    /// <inheritdoc/>
    public ValueTask<PluginContents> StartAsync(IPluginContext context, object options, CancellationToken cancellationToken)
    {
        _driver = new SampleDriver(context.StateDirectory, (SampleOptions)options, context.LoggerFactory.CreateLogger<SampleDriver>());
        return ValueTask.FromResult(new PluginContents { DhcpDrivers = [_driver] });
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        // Timers, threads and subscriptions of the plugin end here: whatever is left keeps its code in memory for ever.
        _driver?.Dispose();
        return ValueTask.CompletedTask;
    }
}

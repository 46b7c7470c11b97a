using DhcpHost.Abstractions.Plugins;

namespace TestPlugins.TwoEntries;

/// <summary>One entry too many.</summary>
public sealed class FirstPlugin : IPlugin
{
    /// <inheritdoc/>
    public Type OptionsType => typeof(object);

    /// <inheritdoc/>
    public ValueTask<PluginContents> StartAsync(IPluginContext context, object options, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new PluginContents());

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

using DhcpHost.Abstractions.Plugins;

namespace DhcpHost.Plugin.Files;

/// <summary>The plugin's entry.</summary>
public sealed class FilesPlugin : IPlugin
{
    private FilesNetworkSource? _source;

    /// <inheritdoc/>
    public Type OptionsType => typeof(FilesOptions);

    /// <inheritdoc/>
    public ValueTask<PluginContents> StartAsync(IPluginContext context, object options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        _source = new(context, (FilesOptions)options);
        _source.Start();
        return new(new PluginContents { NetworkSources = [_source] });
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _source, null)?.DisposeAsync() ?? ValueTask.CompletedTask;
}

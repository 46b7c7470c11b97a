using DhcpHost.Abstractions.Plugins;
using DhcpHost.Plugin.Neutron.Messaging;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Neutron;

/// <summary>The plugin's entry.</summary>
public sealed class NeutronPlugin : IPlugin
{
    private NeutronNetworkSource? _source;

    /// <inheritdoc/>
    public Type OptionsType => typeof(NeutronOptions);

    /// <inheritdoc/>
    public ValueTask<PluginContents> StartAsync(IPluginContext context, object options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        var neutron = (NeutronOptions)options;
        var host = neutron.Host.Length > 0 ? neutron.Host : context.HostName;
        _source = new(
            context, neutron, new RabbitRpcTransport(neutron.Messaging, host, context.TimeProvider, context.LoggerFactory.CreateLogger<RabbitRpcTransport>()));
        return new(new PluginContents { NetworkSources = [_source] });
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _source, null)?.DisposeAsync() ?? ValueTask.CompletedTask;
}

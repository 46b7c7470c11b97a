using DhcpHost.Abstractions.Plugins;
using DhcpHost.Plugin.Metadata.Forwarding;
using DhcpHost.Plugin.Metadata.Listening;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Metadata;

/// <summary>The driver <c>metadata</c>.</summary>
public sealed class MetadataPlugin : IPlugin
{
    private MetadataServer? _server;
    private MetadataDriver? _driver;

    /// <inheritdoc/>
    public Type OptionsType => typeof(MetadataOptions);

    /// <inheritdoc/>
    public ValueTask<PluginContents> StartAsync(IPluginContext context, object options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var typed = (MetadataOptions)options;
        foreach (var path in new[] { nameof(typed.MetadataProxySocket), nameof(typed.AuthCaCert), nameof(typed.NovaClientCert), nameof(typed.NovaClientPrivKey), nameof(typed.MetadataProxySharedSecretFile) })
        {
            var property = typeof(MetadataOptions).GetProperty(path)!;
            if (property.GetValue(typed) is string { Length: > 0 } text)
            {
                property.SetValue(typed, Path.GetFullPath(text, context.ConfigDirectory));
            }
        }

        var version = typeof(MetadataPlugin).Assembly.GetName().Version?.ToString(3) ?? "0";
        _server = new(typed, UpstreamForwarder.Create(typed, context.LoggerFactory.CreateLogger<UpstreamForwarder>()), context.TimeProvider, context.LoggerFactory);
        _driver = new(typed, _server, version, context.TimeProvider, context.LoggerFactory);
        return ValueTask.FromResult(new PluginContents { MetadataDrivers = [_driver] });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_driver is not null)
        {
            await _driver.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}

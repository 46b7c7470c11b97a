using DhcpHost.Abstractions.Plugins;
using DhcpHost.Plugin.Metadata.Documents;
using DhcpHost.Plugin.Metadata.Forwarding;
using DhcpHost.Plugin.Metadata.Listening;
using DhcpHost.Plugin.Metadata.Requests;
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
        foreach (var path in new[]
        {
            nameof(typed.MetadataProxySocket),
            nameof(typed.AuthCaCert),
            nameof(typed.NovaClientCert),
            nameof(typed.NovaClientPrivKey),
            nameof(typed.MetadataProxySharedSecretFile),
            nameof(typed.DocumentsDirectory),
        })
        {
            var property = typeof(MetadataOptions).GetProperty(path)!;
            if (property.GetValue(typed) is string { Length: > 0 } text)
            {
                property.SetValue(typed, Path.GetFullPath(text, context.ConfigDirectory));
            }
        }

        var version = typeof(MetadataPlugin).Assembly.GetName().Version?.ToString(3) ?? "0";
        _server = new(typed, CreateAnswers(typed, context.TimeProvider, context.LoggerFactory), context.TimeProvider, context.LoggerFactory);
        _driver = new(typed, _server, version, context.TimeProvider, context.LoggerFactory);
        return ValueTask.FromResult(new PluginContents { MetadataDrivers = [_driver] });
    }

    /// <summary>What the options say that answers come from.</summary>
    internal static IMetadataAnswers CreateAnswers(MetadataOptions options, TimeProvider timeProvider, ILoggerFactory loggers) =>
        options.Mode == MetadataSource.Documents
        ? new DocumentAnswers(
            new(options.DocumentsDirectory, options.MaxDocumentBytes.Bytes), options.DocumentsDirectory, timeProvider, loggers.CreateLogger<DocumentAnswers>())
        : UpstreamForwarder.Create(options, loggers.CreateLogger<UpstreamForwarder>());

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

using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Plugin.Metadata.Requests;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Metadata.Listening;

/// <summary>The one web server that serves all networks. It is made for the first of them: a host without any pays nothing for it.</summary>
internal sealed class MetadataServer(MetadataOptions options, IMetadataAnswers answers, TimeProvider timeProvider, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly SemaphoreSlim _all = new(options.MaxConnections, options.MaxConnections);
    private readonly SemaphoreSlim _one = new(1, 1);
    private WebServer? _web;

    /// <summary>Where answers come from, for people.</summary>
    public string Description => answers.Description;

    /// <summary>Makes a network's proxy; it serves as soon as it has a socket.</summary>
    public async Task<NetworkProxy> CreateProxyAsync(MetadataPlan plan, NetworkNamespaceId ns, int link, CancellationToken cancellationToken)
    {
        var web = await StartAsync(cancellationToken);
        return new(
            plan,
            ns,
            link,
            new(_all, options.MaxConnectionsPerNetwork, options.MaxConnectionsPerClient),
            options.RateLimitEnabled ? new(options, timeProvider) : null,
            web.Funnel,
            web.Connections,
            timeProvider);
    }

    /// <summary>Ends it, after its proxies.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_web is not null)
        {
            await _web.DisposeAsync();
        }

        answers.Dispose();
        _all.Dispose();
        _one.Dispose();
    }

    private async Task<WebServer> StartAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_web is null)
            {
                var web = new WebServer(options, loggers, ServeAsync);
                await web.Kestrel.StartAsync(new MetadataApplication(options, answers, loggers.CreateLogger<MetadataApplication>()), cancellationToken);
                _web = web;
            }

            return _web;
        }
        finally
        {
            _ = _one.Release();
        }
    }

    private static async Task ServeAsync(ConnectionContext context, ConnectionDelegate next)
    {
        var connection = (ProxyConnection)context.Features.Get<IProxyConnection>()!;
        try
        {
            await next(context);
        }
        finally
        {
            connection.Proxy.Remove(connection);
        }
    }
}

using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DhcpHost.Plugin.Metadata.Listening;

/// <summary>Kestrel, without a host around it, on the funnel's one end point.</summary>
internal sealed class WebServer : IAsyncDisposable
{
    public WebServer(MetadataOptions options, ILoggerFactory loggers, Func<ConnectionContext, ConnectionDelegate, Task> serve)
    {
        Connections = new(new SocketConnectionFactoryOptions(), loggers.CreateLogger<WebServer>());
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        kestrel.Limits.KeepAliveTimeout = options.TimeoutHttpKeepAlive;
        kestrel.Limits.RequestHeadersTimeout = options.TimeoutHttpRequest;
        kestrel.Limits.MaxRequestHeadersTotalSize = (int)options.MaxHeaderBytes.Bytes;
        kestrel.Limits.MaxRequestLineSize = (int)options.MaxHeaderBytes.Bytes;
        kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes.Bytes;
        kestrel.Listen(Funnel.EndPoint, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            _ = listen.Use(next => connection => serve(connection, next));
        });
        Kestrel = new(Options.Create(kestrel), Funnel, loggers);
    }

    public ConnectionFunnel Funnel { get; } = new();

    public SocketConnectionContextFactory Connections { get; }

    public KestrelServer Kestrel { get; }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await Kestrel.StopAsync(atOnce.Token);
        Kestrel.Dispose();
        await Funnel.DisposeAsync();
        Connections.Dispose();
    }
}

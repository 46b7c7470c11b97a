using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Metadata.Forwarding;

/// <summary>Makes the client that reaches the agent or Nova.</summary>
internal static class UpstreamHandler
{
    /// <exception cref="Abstractions.Failures.DhcpHostException">A certificate cannot be read.</exception>
    public static SocketsHttpHandler Create(MetadataOptions options, ILogger logger)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = options.TimeoutConnect,
        };
        if (options.Mode == MetadataSource.Agent)
        {
            handler.ConnectCallback = (_, token) => ConnectAsync(options.MetadataProxySocket, token);

            // The agent answers one request on a connection.
            handler.PooledConnectionLifetime = TimeSpan.Zero;
        }
        else
        {
            var certificates = new NovaCertificates(options, logger);
            if (options.NovaMetadataProtocol == Uri.UriSchemeHttps)
            {
                handler.ConnectCallback = (context, token) => SecureAsync(context.DnsEndPoint, certificates, token);
            }
        }

        return handler;
    }

    /// <summary>TLS is begun here, not by the handler: its own options are those of its first connection for ever.</summary>
    private static async ValueTask<Stream> SecureAsync(DnsEndPoint endpoint, NovaCertificates certificates, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? secure = null;
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);
            secure = new(new NetworkStream(socket, ownsSocket: true));
            await secure.AuthenticateAsClientAsync(certificates.Read(endpoint.Host), cancellationToken);
            return secure;
        }
        catch
        {
            if (secure is not null)
            {
                await secure.DisposeAsync();
            }

            socket.Dispose();
            throw;
        }
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new OneWriteStream(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DhcpHost.Abstractions.Failures;

namespace DhcpHost.Plugin.Metadata.Forwarding;

/// <summary>Makes the client that reaches the agent or Nova.</summary>
internal static class UpstreamHandler
{
    public static SocketsHttpHandler Create(MetadataOptions options)
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
            handler.SslOptions = Tls(options);
        }

        return handler;
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

    private static SslClientAuthenticationOptions Tls(MetadataOptions options)
    {
        var tls = new SslClientAuthenticationOptions();
        try
        {
            if (options.NovaMetadataInsecure)
            {
#pragma warning disable CA5359 // The operator said so: nova_metadata_insecure.
                tls.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
            }
            else if (options.AuthCaCert.Length > 0)
            {
                var authorities = new X509Certificate2Collection();
                authorities.ImportFromPemFile(options.AuthCaCert);
                tls.CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
                tls.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
            }

            if (options.NovaClientCert.Length > 0)
            {
                tls.ClientCertificates = [X509Certificate2.CreateFromPemFile(options.NovaClientCert, options.NovaClientPrivKey)];
            }
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new DhcpHostException(FailureKind.Invalid, $"The certificates for Nova's metadata API cannot be read: {e.Message}", e);
        }

        return tls;
    }
}

using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DhcpHost.Plugin.OpenVSwitch.Ovsdb;

/// <summary>
/// TLS as Open vSwitch does it (ovs-vsctl(8), "Public Key Infrastructure Options"): both sides show a certificate of the site's own authority, and it is
/// the authority that counts, not the name. The files are read at each connect, so that certificates may be renewed.
/// </summary>
/// <param name="KeyFile">A PEM file of this host's key.</param>
/// <param name="CertFile">A PEM file of its certificate.</param>
/// <param name="CaCertFile">A PEM file of the authorities that may have signed the server's.</param>
internal sealed record OvsdbTls(string KeyFile, string CertFile, string CaCertFile)
{
    /// <summary>Speaks TLS over a connection.</summary>
    /// <exception cref="OvsdbException">A file cannot be read, or one side does not trust the other.</exception>
    public async Task<Stream> SecureAsync(Stream stream, OvsdbEndpoint endpoint, CancellationToken cancellationToken)
    {
        var secure = new SslStream(stream);
        try
        {
            await secure.AuthenticateAsClientAsync(ReadFiles(endpoint), cancellationToken);
            return secure;
        }
        catch (AuthenticationException exception)
        {
            await secure.DisposeAsync();
            throw new OvsdbException(
                $"OVSDB at {endpoint} and this host do not trust each other: {exception.GetBaseException().Message} (ssl_ca_cert_file, ssl_cert_file)",
                exception);
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }

    private SslClientAuthenticationOptions ReadFiles(OvsdbEndpoint endpoint)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(CaCertFile);
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            return new()
            {
                TargetHost = endpoint.Host,
                ClientCertificates = [X509Certificate2.CreateFromPemFile(CertFile, KeyFile)],
                CertificateChainPolicy = policy,
                RemoteCertificateValidationCallback = (_, _, _, errors) => (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None,
            };
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new OvsdbException($"a file of ssl_key_file, ssl_cert_file or ssl_ca_cert_file cannot be read: {exception.Message}", exception);
        }
    }
}

using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RabbitMQ.Client;

namespace DhcpHost.Plugin.Neutron.Messaging.Broker;

/// <summary>TLS to a broker as <c>[oslo_messaging_rabbit]</c> asks for it. The files are read at each connect, so that certificates may be renewed.</summary>
internal static class TlsSettings
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <exception cref="RpcUnavailableException">A file cannot be read.</exception>
    public static SslOption Read(RabbitOptions options, string host)
    {
        try
        {
            var authorities = options.SslCaFile.Length == 0 ? null : new X509Certificate2Collection();
            authorities?.ImportFromPemFile(options.SslCaFile);
            return new SslOption(host, enabled: true)
            {
                Version = options.SslVersion switch
                {
                    "TLSv1_2" => SslProtocols.Tls12,
                    "TLSv1_3" => SslProtocols.Tls13,
                    _ => SslProtocols.None,
                },
                Certs = ReadOwn(options),
                CertificateValidationCallback = (_, certificate, chain, errors) =>
                    !options.SslVerify || IsTrusted(options, authorities, certificate, chain, errors),
            };
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new RpcUnavailableException($"a file of ssl_ca_file, ssl_cert_file or ssl_key_file cannot be read: {e.Message}", e);
        }
    }

    private static X509CertificateCollection? ReadOwn(RabbitOptions options)
    {
        if (options.SslCertFile.Length == 0)
        {
            return null;
        }

        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(options.SslCertFile);
        var own = X509Certificate2.CreateFromPemFile(options.SslCertFile, options.SslKeyFile.Length > 0 ? options.SslKeyFile : options.SslCertFile);
        return [own, .. all.Skip(1)];
    }

    private static bool IsTrusted(
        RabbitOptions options, X509Certificate2Collection? authorities, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (!options.SslEnforceHostnameVerification)
        {
            errors &= ~SslPolicyErrors.RemoteCertificateNameMismatch;
        }

        if (authorities is null || certificate is not X509Certificate2 leaf)
        {
            return errors == SslPolicyErrors.None;
        }

        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(authorities);
        own.ChainPolicy.ExtraStore.AddRange(authorities);
        own.ChainPolicy.ExtraStore.AddRange(chain?.ChainPolicy.ExtraStore ?? []);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        _ = own.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        return (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None && own.Build(leaf);
    }
}

using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using DhcpHost.Plugin.Metadata.Requests;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.Metadata.Forwarding;

/// <summary>
/// The authorities that are trusted, and the certificate that Nova is shown. Files that were replaced or written to are read anew for the next connection;
/// where they cannot be (a certificate without its key yet), the last good ones are used until they can.
/// </summary>
internal sealed class NovaCertificates
{
    private readonly MetadataOptions _options;
    private readonly ILogger _logger;
    private readonly string[] _files;
    private readonly Lock _lock = new();
    private (FileStamp?[] Stamps, X509Certificate2Collection? Authorities, X509Certificate2? Own) _current;
    private string? _told;

    /// <exception cref="DhcpHostException">A file cannot be read.</exception>
    public NovaCertificates(MetadataOptions options, ILogger logger)
    {
        (_options, _logger) = (options, logger);
        var authorities = options.NovaMetadataInsecure ? "" : options.AuthCaCert;
        _files = [.. new[] { authorities, options.NovaClientCert, options.NovaClientPrivKey }.Where(file => file.Length > 0)];
        try
        {
            _current = Load();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or LinuxException)
        {
            throw new DhcpHostException(FailureKind.Invalid, $"The certificates for Nova's metadata API cannot be read: {e.Message}", e);
        }
    }

    /// <summary>How a connection that is made now is secured.</summary>
    public SslClientAuthenticationOptions Read(string host)
    {
        var (_, authorities, own) = Renew();
        var tls = new SslClientAuthenticationOptions { TargetHost = host };
        if (_options.NovaMetadataInsecure)
        {
#pragma warning disable CA5359 // The operator said so: nova_metadata_insecure.
            tls.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (authorities is not null)
        {
            tls.CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        if (own is not null)
        {
            tls.ClientCertificates = [own];
        }

        return tls;
    }

    private (FileStamp?[] Stamps, X509Certificate2Collection? Authorities, X509Certificate2? Own) Renew()
    {
        lock (_lock)
        {
            try
            {
                if (!Stamps().AsSpan().SequenceEqual(_current.Stamps))
                {
                    // The old ones are not disposed of: a handshake may be using them.
                    _current = Load();
                    _told = null;
                    Log.CertificatesRenewed(_logger);
                }
            }
            catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or LinuxException)
            {
                if (_told != e.Message)
                {
                    _told = e.Message;
                    Log.CertificatesNotRenewed(_logger, e.Message);
                }
            }

            return _current;
        }
    }

    /// <summary>The stamps are taken before the files are read: what is written in between is seen the next time.</summary>
    private (FileStamp?[] Stamps, X509Certificate2Collection? Authorities, X509Certificate2? Own) Load()
    {
        var stamps = Stamps();
        X509Certificate2Collection? authorities = null;
        if (!_options.NovaMetadataInsecure && _options.AuthCaCert.Length > 0)
        {
            authorities = [];
            authorities.ImportFromPemFile(_options.AuthCaCert);
        }

        return (stamps, authorities, _options.NovaClientCert.Length > 0 ? ReadPair(_options.NovaClientCert, _options.NovaClientPrivKey) : null);
    }

    private static X509Certificate2 ReadPair(string certificate, string key)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(certificate, key);
        }
        catch (ArgumentException e)
        {
            // What .NET says of keys of elliptic curves; of RSA's it says CryptographicException.
            throw new CryptographicException($"{certificate} and {key} do not belong together", e);
        }
    }

    private FileStamp?[] Stamps() => [.. _files.Select(FileStamp.Of)];
}

using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DhcpHost.Testing.Tls;

/// <summary>An authority of our own, in PEM files of a directory of its own.</summary>
public sealed class Certificates : IDisposable
{
    private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow().AddDays(-1);
    private static readonly DateTimeOffset End = Start.AddYears(1);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dhcphost-ca-");
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;

    /// <summary>Makes the authority.</summary>
    public Certificates()
    {
        var request = new CertificateRequest("CN=test authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _authority = request.CreateSelfSigned(Start, End);
        AuthorityFile = Write("ca.pem", _authority.ExportCertificatePem());
    }

    /// <summary>The authority's certificate.</summary>
    public string AuthorityFile { get; }

    /// <summary>Makes a certificate that the authority signed.</summary>
    /// <returns>The files of a certificate and its key, for a name and an address.</returns>
    public (string Certificate, string Key) Issue(string name, IPAddress? address = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (address is not null)
        {
            names.AddIpAddress(address);
        }

        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(_authority, Start, End, RandomNumberGenerator.GetBytes(8));
        return (Write($"{name}.pem", certificate.ExportCertificatePem()), Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
        _directory.Delete(recursive: true);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}

using System.Net;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Plugin.Metadata.Forwarding;
using DhcpHost.Testing.Tls;
using Microsoft.Extensions.Logging.Abstractions;

namespace DhcpHost.Plugin.Metadata.Tests;

/// <summary>Nova's metadata API by TLS, with an authority that the machine does not know.</summary>
public sealed class NovaTlsTests : IDisposable
{
    private readonly Certificates _certificates = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public async Task A_certificate_of_the_authority_is_taken_and_that_of_the_host_is_shown()
    {
        var (certificate, key) = _certificates.Issue("host");
        await using var nova = await StartNovaAsync();

        var answer = await AskAsync(nova, options =>
            (options.AuthCaCert, options.NovaClientCert, options.NovaClientPrivKey) = (_certificates.AuthorityFile, certificate, key));

        Assert.Equal(("i7 by CN=host", "200"), answer);
    }

    [Fact]
    public async Task Without_a_certificate_of_its_own_the_host_shows_none()
    {
        await using var nova = await StartNovaAsync();

        Assert.Equal(("i7 by nobody", "200"), await AskAsync(nova, options => options.AuthCaCert = _certificates.AuthorityFile));
    }

    [Fact]
    public async Task Any_certificate_is_taken_where_the_operator_says_so()
    {
        await using var nova = await TlsNova.StartAsync(_certificates, "another", null, Stop);

        Assert.Equal(("i7 by nobody", "200"), await AskAsync(nova, options => options.NovaMetadataInsecure = true));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_certificate_of_another_authority_is_refused_and_the_log_says_why(bool hasAuthorities)
    {
        using var others = new Certificates();
        await using var nova = await StartNovaAsync();
        var log = new CollectedLog();

        var (_, status) = await AskAsync(nova, options => options.AuthCaCert = hasAuthorities ? others.AuthorityFile : "", log);

        Assert.Equal("503", status);
        var line = Assert.Single(log.Lines, line => line.Contains("does not answer", StringComparison.Ordinal));
        Assert.Contains("TLS failed: The remote certificate is invalid", line, StringComparison.Ordinal);
        Assert.Contains("auth_ca_cert", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused()
    {
        await using var nova = await TlsNova.StartAsync(_certificates, "another", null, Stop);

        Assert.Equal("503", (await AskAsync(nova, options => options.AuthCaCert = _certificates.AuthorityFile)).Status);
    }

    [Fact]
    public void Files_that_cannot_be_read_are_told_at_the_start()
    {
        var options = new MetadataOptions { Mode = MetadataSource.Nova, MetadataProxySharedSecret = "s", AuthCaCert = "/no/such/file" };

        var exception = Assert.Throws<DhcpHostException>(() => UpstreamForwarder.Create(options, NullLogger.Instance));

        Assert.Contains("/no/such/file", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_and_a_key_that_do_not_belong_together_are_told_at_the_start()
    {
        var (certificate, _) = _certificates.Issue("host");
        var (_, key) = _certificates.Issue("other");
        var options = new MetadataOptions
        {
            Mode = MetadataSource.Nova,
            MetadataProxySharedSecret = "s",
            NovaClientCert = certificate,
            NovaClientPrivKey = key,
        };

        var exception = Assert.Throws<DhcpHostException>(() => UpstreamForwarder.Create(options, NullLogger.Instance));

        Assert.Contains($"{certificate} and {key} do not belong together", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_renewed_certificate_is_shown_from_the_next_connection_on()
    {
        var (certificate, key) = _certificates.Issue("host");
        await using var nova = await StartNovaAsync();
        var log = new CollectedLog();
        using var client = new Client(NewOptions(nova, certificate, key), log);
        Assert.Equal("i7 by CN=host", await client.AskAsync(Stop));

        // The certificate is there before its key: the old pair is shown as long as the two do not fit.
        var (newCertificate, newKey) = _certificates.Issue("renewed");
        File.Move(newCertificate, certificate, overwrite: true);
        Assert.Equal("i7 by CN=host", await client.AskAsync(Stop));
        Assert.Equal("i7 by CN=host", await client.AskAsync(Stop));
        Assert.Contains("cannot be read", Assert.Single(log.Lines), StringComparison.Ordinal);

        File.Move(newKey, key, overwrite: true);
        Assert.Equal("i7 by CN=renewed", await client.AskAsync(Stop));
        Assert.Equal("i7 by CN=renewed", await client.AskAsync(Stop));
        Assert.Contains("are read anew", Assert.Single(log.Lines.Skip(1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_renewed_authority_is_trusted_from_the_next_connection_on()
    {
        using var others = new Certificates();
        await using var old = await StartNovaAsync();
        await using var renewed = await TlsNova.StartAsync(others, "nova", IPAddress.Loopback, Stop);
        var authority = Path.Combine(Path.GetDirectoryName(_certificates.AuthorityFile)!, "trusted.pem");
        File.Copy(_certificates.AuthorityFile, authority);
        var (options, ownOptions) = (NewOptions(old, "", ""), NewOptions(renewed, "", ""));
        options.AuthCaCert = ownOptions.AuthCaCert = authority;
        using var client = new Client(options, new CollectedLog());
        using var other = new Client(ownOptions, new CollectedLog());
        Assert.Equal("i7 by nobody", await client.AskAsync(Stop));
        await Assert.ThrowsAsync<HttpRequestException>(() => other.AskAsync(Stop));

        // Written into, not replaced.
        await File.WriteAllTextAsync(authority, await File.ReadAllTextAsync(others.AuthorityFile, Stop) + "\n", Stop);

        Assert.Equal("i7 by nobody", await other.AskAsync(Stop));
        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => client.AskAsync(Stop));
        Assert.Equal(HttpRequestError.SecureConnectionError, exception.HttpRequestError);
    }

    [Fact]
    public async Task Connections_that_are_there_are_used_again()
    {
        var (certificate, key) = _certificates.Issue("host");
        await using var nova = await StartNovaAsync();
        using var client = new Client(NewOptions(nova, certificate, key), new CollectedLog()) { KeepsConnections = true };

        Assert.Equal("i7 by CN=host", await client.AskAsync(Stop));
        Assert.Equal("i7 by CN=host", await client.AskAsync(Stop));

        Assert.Equal(1, nova.Connections);
    }

    private MetadataOptions NewOptions(TlsNova nova, string certificate, string key) => new()
    {
        Mode = MetadataSource.Nova,
        NovaMetadataProtocol = "https",
        NovaMetadataPort = nova.Port,
        AuthCaCert = _certificates.AuthorityFile,
        NovaClientCert = certificate,
        NovaClientPrivKey = key,
    };

    private Task<TlsNova> StartNovaAsync() => TlsNova.StartAsync(_certificates, "nova", IPAddress.Loopback, Stop);

    private static async Task<(string Text, string Status)> AskAsync(TlsNova nova, Action<MetadataOptions> configure, CollectedLog? log = null)
    {
        await using var subject = await MetadataSubject.CreateAsync(
            options =>
            {
                (options.Mode, options.NovaMetadataProtocol) = (MetadataSource.Nova, "https");
                (options.NovaMetadataPort, options.MetadataProxySharedSecret) = (nova.Port, "secret");
                configure(options);
            },
            log);
        var plan = await subject.NewPlanAsync("n1", Stop);
        var instance = await subject.NewInstanceAsync(plan, 7, Stop);
        _ = await subject.Driver.ApplyAsync(plan, null, Stop);
        var text = await subject.CurlAsync(instance, Stop, "http://169.254.169.254/x");
        return (text.Output, await subject.StatusAsync(instance, Stop));
    }

    /// <summary>What reaches Nova, without proxies before it; each question has a connection of its own, unless it is to keep them.</summary>
    private sealed class Client(MetadataOptions options, CollectedLog log) : IDisposable
    {
        private readonly HttpMessageInvoker _invoker = new(UpstreamHandler.Create(options, log));

        public bool KeepsConnections { get; init; }

        public async Task<string> AskAsync(CancellationToken cancellationToken)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"https://127.0.0.1:{options.NovaMetadataPort}/");
            request.Headers.Add("X-Instance-ID", "i7");
            request.Headers.ConnectionClose = !KeepsConnections;
            using var response = await _invoker.SendAsync(request, cancellationToken);
            return await response.Content.ReadAsStringAsync(cancellationToken);
        }

        public void Dispose() => _invoker.Dispose();
    }
}

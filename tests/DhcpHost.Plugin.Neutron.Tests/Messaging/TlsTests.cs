using System.Net;
using DhcpHost.Plugin.Neutron.Messaging;
using DhcpHost.Testing.Lab;
using DhcpHost.Testing.Tls;

namespace DhcpHost.Plugin.Neutron.Tests.Messaging;

/// <summary>Encrypted connections, with an authority that the machine does not know.</summary>
public sealed class TlsTests(TlsTests.TlsBroker shared) : IClassFixture<TlsTests.TlsBroker>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Certificates Certificates => shared.Certificates;

    [Theory]
    [InlineData("")]
    [InlineData("TLSv1_2")]
    [InlineData("TLSv1_3")]
    public async Task Both_sides_show_certificates_of_the_same_authority(string version)
    {
        var (certificate, key) = Certificates.Issue("agent");
        var options = new RabbitOptions
        {
            Ssl = true,
            SslVersion = version,
            SslCaFile = Certificates.AuthorityFile,
            SslCertFile = certificate,
            SslKeyFile = key,
        };
        await using var bench = MessagingBench.Create($"rabbit://guest:guest@localhost:{shared.Port}/", options);
        await bench.ListenAsync();
        await using var peer = await bench.StartPeerAsync(
            "ssl=true", $"ssl_ca_file=\"{Certificates.AuthorityFile}\"", $"ssl_cert_file=\"{certificate}\"", $"ssl_key_file=\"{key}\"");
        await peer.DoAsync("serve");
        Assert.Equal(1, (await bench.CallAsync("echo", new { value = 1 }, Token)).GetInt32());
    }

    [Fact]
    public async Task An_authority_that_is_not_ours_is_refused() =>
        Assert.Contains("certificate", await FailureAsync("localhost", new() { Ssl = true }), StringComparison.Ordinal);

    [Fact]
    public async Task A_name_that_the_certificate_does_not_have_is_refused_unless_names_are_not_checked()
    {
        var (certificate, key) = Certificates.Issue("agent");
        Assert.Contains("certificate", await FailureAsync("127.0.0.1", Options(true)), StringComparison.Ordinal);
        await using var bench = MessagingBench.Create(Url("127.0.0.1"), Options(false));
        await bench.ListenAsync();

        RabbitOptions Options(bool isNameChecked) => new()
        {
            Ssl = true,
            SslCaFile = Certificates.AuthorityFile,
            SslCertFile = certificate,
            SslKeyFile = key,
            SslEnforceHostnameVerification = isNameChecked,
        };
    }

    [Fact]
    public async Task Nothing_is_checked_where_the_operator_says_so()
    {
        var (certificate, key) = Certificates.Issue("agent");
        await using var bench = MessagingBench.Create(
            Url("127.0.0.1"), new() { Ssl = true, SslVerify = false, SslCertFile = certificate, SslKeyFile = key });
        await bench.ListenAsync();
    }

    [Fact]
    public async Task A_file_that_is_missing_is_named() =>
        Assert.Contains("/no/such/file", await FailureAsync("localhost", new() { Ssl = true, SslCaFile = "/no/such/file" }), StringComparison.Ordinal);

    [Fact]
    public async Task With_the_login_method_external_the_certificate_says_who_the_agent_is_and_no_password_does()
    {
        await using var bench = MessagingBench.Create($"rabbit://nobody:nothing@localhost:{shared.Port}/", External("guest"));
        await bench.ListenAsync();
        Assert.Contains(
            "it refused the user, the password or the certificate", await FailureAsync("localhost", External("stranger")), StringComparison.Ordinal);

        RabbitOptions External(string name)
        {
            var (certificate, key) = Certificates.Issue(name);
            return new()
            {
                Ssl = true,
                SslCaFile = Certificates.AuthorityFile,
                SslCertFile = certificate,
                SslKeyFile = key,
                RabbitLoginMethod = LoginMethod.External,
            };
        }
    }

    private string Url(string host) => $"rabbit://guest:guest@{host}:{shared.Port}/";

    private async Task<string> FailureAsync(string host, RabbitOptions options)
    {
        await using var bench = MessagingBench.Create(Url(host), options, change: all => all with { ConnectTimeout = TimeSpan.FromSeconds(1) });
        return await bench.FailureAsync(Token);
    }

    /// <summary>A broker that takes only clients with a certificate, and these by its common name where they ask for it.</summary>
    public sealed class TlsBroker : IAsyncLifetime
    {
        private readonly LinuxLab _lab = new();
        private RabbitBroker? _broker;

        internal Certificates Certificates { get; } = new();

        internal int Port { get; } = LoopbackPorts.Take(1)[0];

        public async ValueTask InitializeAsync()
        {
            var (certificate, key) = Certificates.Issue("localhost");
            _broker = await RabbitBroker.StartAsync(
                _lab,
                Token,
                $"""
                listeners.ssl.1 = {new IPEndPoint(IPAddress.Loopback, Port)}
                ssl_options.cacertfile = {Certificates.AuthorityFile}
                ssl_options.certfile = {certificate}
                ssl_options.keyfile = {key}
                ssl_options.verify = verify_peer
                ssl_options.fail_if_no_peer_cert = true
                ssl_cert_login_from = common_name
                auth_mechanisms.1 = PLAIN
                auth_mechanisms.2 = AMQPLAIN
                auth_mechanisms.3 = EXTERNAL
                """,
                "rabbitmq_auth_mechanism_ssl");
        }

        public async ValueTask DisposeAsync()
        {
            if (_broker is not null)
            {
                await _broker.DisposeAsync();
            }

            await _lab.DisposeAsync();
            Certificates.Dispose();
        }
    }
}

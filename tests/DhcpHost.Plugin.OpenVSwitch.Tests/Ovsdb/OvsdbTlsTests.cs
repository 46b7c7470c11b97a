using System.ComponentModel.DataAnnotations;
using DhcpHost.Linux.Processes;
using DhcpHost.Plugin.OpenVSwitch.Ovsdb;
using DhcpHost.Testing;
using DhcpHost.Testing.Lab;
using DhcpHost.Testing.Tls;

namespace DhcpHost.Plugin.OpenVSwitch.Tests.Ovsdb;

/// <summary>A real ovsdb-server that speaks nothing but TLS.</summary>
public sealed class OvsdbTlsTests : IAsyncLifetime
{
    private readonly LinuxLab _lab = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("dhcphost-ovs-tls").FullName;
    private readonly Certificates _certificates = new();
    private readonly int _port = LoopbackPorts.Take(1)[0];
    private ServerProcess? _database;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private OpenVSwitchOptions Options
    {
        get
        {
            var (certificate, key) = _certificates.Issue("host");
            return new()
            {
                OvsdbConnection = $"ssl:127.0.0.1:{_port}",
                OvsdbTimeout = TimeSpan.FromSeconds(5),
                SslCertFile = certificate,
                SslKeyFile = key,
                SslCaCertFile = _certificates.AuthorityFile,
            };
        }
    }

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/ovsdb-server"), "needs ovsdb-server: install openvswitch-switch");
        var file = Path.Combine(_directory, "conf.db");
        _ = await _lab.RunAsync(null, ["/usr/bin/ovsdb-tool", "create", file, "/usr/share/openvswitch/vswitch.ovsschema"], Token);
        var (certificate, key) = _certificates.Issue("a name that nobody asked for");
        string[] arguments =
        [
            file, $"--remote=pssl:{_port}:127.0.0.1", $"--private-key={key}", $"--certificate={certificate}", $"--ca-cert={_certificates.AuthorityFile}",
            $"--unixctl={Path.Combine(_directory, "db.ctl")}",
        ];
        var spec = new SpawnSpec("/usr/sbin/ovsdb-server", arguments);
        var environment = new Dictionary<string, string>(spec.Environment)
        {
            ["OVS_RUNDIR"] = _directory,
            ["OVS_LOGDIR"] = _directory,
            ["OVS_DBDIR"] = _directory,
        };
        _database = await _lab.SpawnAsync(null, spec with { Environment = environment, OutputFile = Path.Combine(_directory, "output") }, Token);
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(_directory, "db.ctl")), cancellationToken: Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            _ = await _database.TerminateAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        }

        await _lab.DisposeAsync();
        _certificates.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task The_database_is_read_and_changed_by_TLS_whatever_the_name_in_its_certificate()
    {
        using var client = Options.CreateClient(TimeProvider.System);
        _ = await client.TransactAsync([Operation.Insert("Open_vSwitch", "root", [])], Token);

        var rows = await client.TransactAsync([Operation.Select("Open_vSwitch", [], "next_cfg")], Token);

        Assert.Equal(1, rows[0].GetProperty("rows").GetArrayLength());
    }

    [Fact]
    public async Task A_server_of_another_authority_is_refused_with_the_reason()
    {
        using var others = new Certificates();
        var options = Options;
        options.SslCaCertFile = others.AuthorityFile;
        using var client = options.CreateClient(TimeProvider.System);

        var exception = await Assert.ThrowsAsync<OvsdbException>(() => client.GetSessionAsync(Token));

        Assert.StartsWith($"OVSDB at {options.OvsdbConnection} and this host do not trust each other: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("ssl_ca_cert_file", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_whose_certificate_the_server_does_not_trust_is_turned_away_within_the_time()
    {
        using var others = new Certificates();
        var options = Options;
        (options.SslCertFile, options.SslKeyFile) = others.Issue("host");
        using var client = options.CreateClient(TimeProvider.System);

        _ = await Assert.ThrowsAsync<OvsdbException>(() => client.GetSessionAsync(Token));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_told_by_its_key()
    {
        var options = Options;
        options.SslKeyFile = Path.Combine(_directory, "nothing.key");
        using var client = options.CreateClient(TimeProvider.System);

        var exception = await Assert.ThrowsAsync<OvsdbException>(() => client.GetSessionAsync(Token));

        Assert.StartsWith("a file of ssl_key_file, ssl_cert_file or ssl_ca_cert_file cannot be read: ", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ssl:127.0.0.1:6640", false)]
    [InlineData("tcp:127.0.0.1:6640", true)]
    [InlineData("127.0.0.1:6640", false)]
    public void Without_its_files_TLS_is_no_option(string connection, bool isValid)
    {
        var options = new OpenVSwitchOptions { OvsdbConnection = connection };

        Assert.Equal(isValid, Validator.TryValidateObject(options, new(options), [], validateAllProperties: true));
    }
}

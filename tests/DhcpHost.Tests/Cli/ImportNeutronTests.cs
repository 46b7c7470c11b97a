using DhcpHost.Abstractions.Networks;
using DhcpHost.Configuration;
using DhcpHost.Hosting;

namespace DhcpHost.Tests.Cli;

public sealed class ImportNeutronTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dhcphost-import-");
    private readonly CliFixture _fixture = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Toml => Path.Combine(_directory.FullName, "out.toml");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _fixture.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_host_toml_is_written_that_the_host_reads_and_the_password_goes_to_a_file_for_root_alone()
    {
        var neutron = await WriteAsync("neutron.conf", "[DEFAULT]\ntransport_url = rabbit://n:hush@broker/\ndns_domain = a.example\nstate_path = /srv/n\n");
        var agent = await WriteAsync("dhcp_agent.ini", "[DEFAULT]\ninterface_driver = linuxbridge\nforce_metadata = true\ndhcp_lease_duration = 600\n");
        _ = Directory.CreateDirectory(Path.Combine(_directory.FullName, "conf.d"));
        _ = await WriteAsync("conf.d/20.conf", "[DEFAULT]\ndns_domain = c.example\n");
        _ = await WriteAsync("conf.d/10.conf", "[DEFAULT]\ndns_domain = b.example\n");
        _ = await WriteAsync("conf.d/30.txt", "[DEFAULT]\ndns_domain = d.example\n");

        var code = await _fixture.RunAsync(
            "import-neutron", "--config-file", neutron, "--config-file", agent, "--config-dir", Path.Combine(_directory.FullName, "conf.d"), "--output", Toml);

        Assert.True(code == ExitCodes.Success, _fixture.Error.ToString());
        var result = await new ConfigLoader(TimeProvider.System).LoadAsync(Toml, Stop);
        Assert.True(result.Succeeded, string.Join('\n', result.Errors));
        var defaults = result.Loaded.Config.Defaults;
        Assert.Equal(
            ("c.example", "linuxbridge", MetadataMode.Forced, TimeSpan.FromSeconds(600)),
            (defaults.DnsDomain, defaults.InterfaceDriver, defaults.Metadata, defaults.LeaseTime));
        Assert.Contains("state_directory = \"/srv/n/dhcp\"", await File.ReadAllTextAsync(Toml, Stop), StringComparison.Ordinal);

        var secret = Path.Combine(_directory.FullName, "neutron-transport-url");
        Assert.Equal("rabbit://n:hush@broker/\n", await File.ReadAllTextAsync(secret, Stop));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(secret));
        Assert.DoesNotContain("hush", _fixture.Error.ToString() + _fixture.Output + await File.ReadAllTextAsync(Toml, Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_and_directories_count_in_the_order_that_they_are_named_in()
    {
        _ = Directory.CreateDirectory(Path.Combine(_directory.FullName, "conf.d"));
        var directory = Path.Combine(_directory.FullName, "conf.d");
        _ = await WriteAsync("conf.d/10.conf", "[DEFAULT]\nhost = of-directory\ndns_domain = of-directory\n");
        var file = await WriteAsync("neutron.conf", "[DEFAULT]\nhost = of-file\n");

        Assert.Equal(ExitCodes.Success, await _fixture.RunAsync("import-neutron", "--config-dir", directory, $"--config-file={file}", "--output", Toml));

        var text = await File.ReadAllTextAsync(Toml, Stop);
        Assert.Contains("name = \"of-file\"", text, StringComparison.Ordinal);
        Assert.Contains("dns_domain = \"of-directory\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_output_the_answer_is_the_text_alone_and_nothing_is_written()
    {
        var file = await WriteAsync("neutron.conf", "[DEFAULT]\nresync_interval = 3\n");

        Assert.Equal(ExitCodes.Success, await _fixture.RunAsync("import-neutron", "--config-file", file));

        Assert.True(new ConfigLoader(TimeProvider.System).Parse(System.Text.Encoding.UTF8.GetBytes(_fixture.Output.ToString()), "host.toml").Succeeded);
        Assert.Contains("no meaning here", _fixture.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFiles(_directory.FullName));
    }

    [Fact]
    public async Task A_host_toml_that_is_there_is_written_over_only_by_force()
    {
        var file = await WriteAsync("neutron.conf", "[DEFAULT]\n");
        _ = await WriteAsync("out.toml", "# mine\n");

        Assert.Equal(ExitCodes.Failure, await _fixture.RunAsync("import-neutron", "--config-file", file, "--output", Toml));
        Assert.Equal("# mine\n", await File.ReadAllTextAsync(Toml, Stop));
        Assert.Equal(ExitCodes.Success, await _fixture.RunAsync("import-neutron", "--config-file", file, "--output", Toml, "--force"));
        Assert.NotEqual("# mine\n", await File.ReadAllTextAsync(Toml, Stop));
    }

    [Fact]
    public async Task Files_that_cannot_be_read_are_told_all_at_once_and_nothing_is_written()
    {
        var bad = await WriteAsync("bad.ini", "[DEFAULT\nnothing\n");

        Assert.Equal(ExitCodes.Config, await _fixture.RunAsync("import-neutron", "--config-file", bad, "--config-file", "/no/such/file", "--output", Toml));

        var error = _fixture.Error.ToString();
        Assert.All([$"{bad}:1:", $"{bad}:2:", "/no/such/file: there is no such file"], text => Assert.Contains(text, error, StringComparison.Ordinal));
        Assert.False(File.Exists(Toml));
    }

    [Fact]
    public async Task A_value_that_cannot_be_carried_over_is_told_by_the_exit_code_too()
    {
        var file = await WriteAsync("neutron.conf", "[DEFAULT]\ndhcp_lease_duration = soon\n");

        Assert.Equal(ExitCodes.Failure, await _fixture.RunAsync("import-neutron", "--config-file", file, "--output", Toml));
        Assert.Contains("not carried over", _fixture.Error.ToString(), StringComparison.Ordinal);
        Assert.True(File.Exists(Toml));
    }

    private async Task<string> WriteAsync(string name, string text)
    {
        var path = Path.Combine(_directory.FullName, name);
        await File.WriteAllTextAsync(path, text, Stop);
        return path;
    }
}

using System.Text;
using System.Text.RegularExpressions;
using DhcpHost.Configuration;
using DhcpHost.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DhcpHost.Tests.Configuration;

public sealed partial class ConfigLoaderTests
{
    private const string Path = "/etc/dhcphost/host.toml";
    private static readonly FakeTimeProvider Time = new(new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void An_empty_file_is_all_defaults()
    {
        var result = Parse("");
        Assert.True(result.Succeeded, string.Join('\n', result.Errors));
        Assert.Equal("/var/lib/dhcphost", result.Loaded.Config.Host.StateDirectory);
        Assert.Equal("/etc/dhcphost/scripts", result.Loaded.Config.Scripts.Directory);
        Assert.Equal(6, result.Loaded.Jobs.Count);
    }

    [Fact]
    public void The_cache_of_scripts_is_in_that_of_the_host_unless_it_is_named()
    {
        var config = Parse("""
            [host]
            cache_directory = "c"
            """).Loaded!.Config;
        Assert.Equal("/etc/dhcphost/c/scripts", config.Scripts.CacheDirectory);

        var named = Parse("""
            [host]
            cache_directory = "c"
            [scripts]
            cache_directory = "s"
            """).Loaded!.Config;
        Assert.Equal("/etc/dhcphost/s", named.Scripts.CacheDirectory);
    }

    [Theory]
    [InlineData("", "/run/dhcphost/dhcphost.sock")]
    [InlineData("host.runtime_directory = 'run'", "/etc/dhcphost/run/dhcphost.sock")]
    [InlineData("host.runtime_directory = 'run'\nmanagement.socket = '/run/a.sock'", "/run/a.sock")]
    public void The_management_socket_is_in_the_runtime_directory_unless_it_is_named(string text, string socket) =>
        Assert.Equal(socket, Parse(text).Loaded!.Config.Management.Socket);

    [Fact]
    public void All_errors_of_all_tables_are_told_at_once_in_the_order_of_the_file()
    {
        var result = Parse("""
            [limits]
            workers_mx = 4
            networks = 0
            [jobs.nightly]
            script = "nightly"
            cron = "0 0 31 2 *"
            [logging]
            level = "loud"
            [nonsense]
            """);
        Assert.False(result.Succeeded);
        Assert.Collection(
            result.Errors,
            error => Assert.Equal($"{Path}:2:1: limits.workers_mx: unknown key; did you mean `workers_max`?", error),
            error => Assert.StartsWith($"{Path}:3:12: limits.networks: must be between 1 and 1000000", error, StringComparison.Ordinal),
            error => Assert.Equal($"{Path}:6:8: jobs.nightly.cron: '0 0 31 2 *': no day ever fits it", error),
            error => Assert.StartsWith($"{Path}:8:9: logging.level:", error, StringComparison.Ordinal),
            error => Assert.StartsWith($"{Path}:9:2: nonsense: unknown table", error, StringComparison.Ordinal));
    }

    [Fact]
    public void A_value_of_a_wrong_type_hides_nothing_else_and_nothing_is_told_that_only_follows_from_it()
    {
        var result = Parse("""
            [limits]
            workers_max = "many"
            workers_min = 20
            retry_delay_min = "10m"
            [defaults]
            use_host_resolver = "yes"
            renewal_time = "2h"
            rebinding_time = "1h"
            """);
        Assert.Equal(
            [
                "limits.workers_max: must be an integer", "limits.retry_delay_min: must not be above retry_delay_max",
                "defaults.use_host_resolver: must be true or false", "defaults.renewal_time: must be below rebinding_time",
            ],
            result.Errors.Select(error => error.Split(',')[0].Split(' ', 2)[1]));
    }

    [Fact]
    public void What_is_wrong_with_a_job_is_told_at_its_key()
    {
        var result = Parse("""
            [jobs.nightly]
            script = "nightly"
            cron = "0 0 31 2 *"
            [jobs.other]
            every = "1m"
            """);
        Assert.Equal($"{Path}:3:8: jobs.nightly.cron: '0 0 31 2 *': no day ever fits it", result.Errors[0]);
        Assert.StartsWith($"{Path}:4:", result.Errors[1], StringComparison.Ordinal);
        Assert.Contains("does not say what other runs", result.Errors[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Forwarders_may_have_a_port_and_each_that_is_none_is_an_error_at_its_place()
    {
        var right = Parse("[defaults]\ndns_forwarders = [\"192.0.2.53\", \"8.8.8.8#5353\"]\n");
        var wrong = Parse("[defaults]\ndns_forwarders = [\"8.8.8.8:53\", \"192.0.2.53\", \"8.8.8.8#0\"]\n");

        Assert.True(right.Succeeded);
        Assert.Equal("192.0.2.53 8.8.8.8#5353", string.Join(' ', right.Loaded.Config.Defaults.ToServerOptions().Forwarders));
        Assert.Equal(
            [
                "host.toml:2:19: defaults.dns_forwarders[0]: '8.8.8.8:53' is not a DNS server",
                "host.toml:2:47: defaults.dns_forwarders[2]: '8.8.8.8#0' is not a DNS server",
            ],
            wrong.Errors.Select(error => error.Replace("/etc/dhcphost/", "", StringComparison.Ordinal).Split(": an IP")[0]));
    }

    [Fact]
    public void The_tables_of_plugins_wait_for_the_plugins()
    {
        var result = Parse("[drivers.dnsmasq]\nwhatever = 1\n[sources.files]\ndirectory = \"n\"\n");
        Assert.True(result.Succeeded);
        Assert.Equal(["dnsmasq"], result.Loaded.Config.Drivers.Keys);
        Assert.Equal(["files"], result.Loaded.Config.Sources.Keys);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_an_error_with_its_name()
    {
        var loader = new ConfigLoader(Time);
        var token = TestContext.Current.CancellationToken;
        Assert.Contains(
            "/nowhere/host.toml: there is no such file", Assert.Single((await loader.LoadAsync("/nowhere/host.toml", token)).Errors), StringComparison.Ordinal);
        Assert.StartsWith("/tmp: cannot be read", Assert.Single((await loader.LoadAsync("/tmp", token)).Errors), StringComparison.Ordinal);
        Assert.StartsWith("/dev/zero: cannot be read", Assert.Single((await loader.LoadAsync("/dev/zero", token)).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thousand_damaged_files_give_errors_with_a_place_and_never_an_exception()
    {
        var original = await File.ReadAllTextAsync(ShippedConfig.Path, TestContext.Current.CancellationToken);
        var refused = 0;
        for (var seed = 0; seed < 1000; seed++)
        {
            var text = new TextMutator(seed).Mutate(original);
            // Lone surrogates become what they are on a disk.
            var result = new ConfigLoader(Time).Parse(Encoding.UTF8.GetBytes(text), Path);
            Assert.True(result.Succeeded == (result.Errors.Count == 0));
            refused += result.Succeeded ? 0 : 1;
            Assert.All(result.Errors, error => Assert.True(PlaceOfError().IsMatch(error), $"seed {seed}: {error}"));
        }

        // Much of the file is comment, which may be damaged without harm.
        Assert.InRange(refused, 100, 1000);
    }

    private static ConfigResult Parse(string text) => new ConfigLoader(Time).Parse(Encoding.UTF8.GetBytes(text), Path);

    [GeneratedRegex(@"^/etc/dhcphost/host\.toml:\d+:\d+: \S", RegexOptions.Singleline)]
    private static partial Regex PlaceOfError();
}

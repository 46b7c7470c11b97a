using System.Text;
using DhcpHost.Configuration;

namespace DhcpHost.Tests.Configuration;

public sealed class EffectiveOptionsTests
{
    private static readonly ConfigResult Result = new ConfigLoader(TimeProvider.System).Parse(
        Encoding.UTF8.GetBytes("""
            [host]
            name = "h1"
            [limits]
            networks = 7
            retry_attempts = 10
            retry_delay_max = "1h30m"
            [defaults]
            lease_time = "infinite"
            [scripts]
            call_memory = "1MiB"
            [jobs.drift-audit]
            every = "2m"
            [drivers.quiet]
            [sources.neutron]
            transport_url = "rabbit://neutron:hunter2@[::1]:5672/"
            auth_token = "hunter3"
            metadata = { shared_secret = "hunter4", hosts = ["http://u:hunter5@x/"] }
            """),
        "/x/host.toml");

    private static LoadedConfig Loaded => Result.Loaded ?? throw new InvalidOperationException(string.Join('\n', Result.Errors));

    [Fact]
    public void What_differs_from_the_defaults_is_a_line_for_each_table_as_host_toml_writes_it() =>
        Assert.Equal(
            [
                "[host] name = \"h1\"",
                "[limits] networks = 7, retry_delay_max = \"1h30m\"",
                "[defaults] lease_time = \"infinite\"",
                "[scripts] directory = \"/x/scripts\", cache_directory = \"/var/cache/dhcphost/scripts\", call_memory = \"1MiB\"",
                "[management] socket = \"/run/dhcphost/dhcphost.sock\"",
                "[sources.neutron] transport_url = \"rabbit://***@[::1]:5672/\", auth_token = ***, metadata.shared_secret = ***, "
                    + "metadata.hosts = [\"http://***@x/\"]",
                "[jobs.drift-audit] built-in drift-audit, every 2m",
            ],
            EffectiveOptions.DescribeChanged(Loaded));

    [Fact]
    public void The_rest_is_told_apart_from_it()
    {
        var text = string.Join('\n', EffectiveOptions.DescribeDefaults(Loaded));
        Assert.Contains("[limits] workers_min = 1, workers_max = 16, ", text, StringComparison.Ordinal);
        Assert.Contains("retry_delay_min = \"1s\"", text, StringComparison.Ordinal);
        Assert.Contains("job_memory = \"256MiB\"", text, StringComparison.Ordinal);
        Assert.Contains("[jobs.full-resync] built-in full-resync, every 1h", text, StringComparison.Ordinal);
        Assert.DoesNotContain("retry_delay_max", text, StringComparison.Ordinal);
        Assert.DoesNotContain("neutron", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[jobs.drift-audit]", text, StringComparison.Ordinal);
    }
}

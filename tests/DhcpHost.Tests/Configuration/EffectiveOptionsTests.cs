using System.Text;
using DhcpHost.Configuration;

namespace DhcpHost.Tests.Configuration;

public sealed class EffectiveOptionsTests
{
    [Fact]
    public void Every_table_is_a_line_with_its_defaults_and_no_secret_is_in_any()
    {
        var result = new ConfigLoader(TimeProvider.System).Parse(
            Encoding.UTF8.GetBytes("""
                [limits]
                networks = 7
                [sources.neutron]
                transport_url = "rabbit://neutron:hunter2@[::1]:5672/"
                auth_token = "hunter3"
                metadata = { shared_secret = "hunter4", hosts = ["http://u:hunter5@x/"] }
                """),
            "/x/host.toml");
        var text = string.Join('\n', EffectiveOptions.Describe(result.Loaded!));
        Assert.Contains("[limits] ", text, StringComparison.Ordinal);
        Assert.Contains("networks = 7", text, StringComparison.Ordinal);
        Assert.Contains("workers_max = 16", text, StringComparison.Ordinal);
        Assert.Contains("[jobs.drift-audit] built-in drift-audit, every 5m", text, StringComparison.Ordinal);
        Assert.Contains("rabbit://***@[::1]:5672/", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter", text, StringComparison.Ordinal);
    }
}

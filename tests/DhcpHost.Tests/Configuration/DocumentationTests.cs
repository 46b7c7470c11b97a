using DhcpHost.Configuration;
using DhcpHost.Core.Engine;
using DhcpHost.Core.Limits;
using DhcpHost.Http;
using DhcpHost.Logging;
using DhcpHost.Plugins;
using DhcpHost.Scheduling.Definition;
using DhcpHost.Scripting;
using DhcpHost.Toml.Reference;

namespace DhcpHost.Tests.Configuration;

/// <summary>Holds docs/configuration.md to the options types. With <c>DHCPHOST_WRITE_DOCS=1</c> the references in it are written anew.</summary>
public sealed class DocumentationTests
{
    [Fact]
    public async Task The_reference_of_every_table_is_what_its_type_says()
    {
        var path = Path.Combine(ShippedConfig.Top, "docs", "configuration.md");
        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var expected = text;
        foreach (var (table, type) in new[]
        {
            ("host", typeof(HostOptions)), ("limits", typeof(LimitsOptions)), ("defaults", typeof(DefaultsOptions)), ("engine", typeof(EngineOptions)),
            ("plugins", typeof(PluginsOptions)), ("scripts", typeof(ScriptingOptions)), ("jobs.NAME", typeof(JobOptions)),
            ("management", typeof(ManagementOptions)),
            ("logging", typeof(LoggingOptions)),
        })
        {
            var begin = $"<!-- reference: {table} -->\n";
            var start = expected.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
            Assert.True(start >= begin.Length, $"docs/configuration.md lacks '{begin.Trim()}'");
            var end = expected.IndexOf("<!-- end -->", start, StringComparison.Ordinal);
            expected = $"{expected[..start]}\n{TomlReference.Write(type, table)}\n{expected[end..]}";
        }

        if (Environment.GetEnvironmentVariable("DHCPHOST_WRITE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(path, expected, TestContext.Current.CancellationToken);
            return;
        }

        Assert.Equal(expected, text);
    }
}

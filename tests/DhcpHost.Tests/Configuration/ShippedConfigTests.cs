using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DhcpHost.Configuration;
using DhcpHost.Core.Engine;
using DhcpHost.Core.Limits;
using DhcpHost.Http;
using DhcpHost.Logging;
using DhcpHost.Plugins;
using DhcpHost.Scheduling.Definition;
using DhcpHost.Scripting;
using DhcpHost.Toml;

namespace DhcpHost.Tests.Configuration;

public sealed partial class ShippedConfigTests
{
    private static readonly Dictionary<string, Type> Tables = new()
    {
        ["host"] = typeof(HostOptions),
        ["limits"] = typeof(LimitsOptions),
        ["defaults"] = typeof(DefaultsOptions),
        ["engine"] = typeof(EngineOptions),
        ["plugins"] = typeof(PluginsOptions),
        ["scripts"] = typeof(ScriptingOptions),
        ["management"] = typeof(ManagementOptions),
        ["logging"] = typeof(LoggingOptions),
        ["logging.file"] = typeof(LogFileOptions),
    };

    /// <summary>Keys whose default is the lack of the key, so that the file shows an example.</summary>
    private static readonly HashSet<string> Examples = [
        "defaults.dhcp_driver", "defaults.renewal_time", "defaults.rebinding_time", "plugins.allow", "plugins.directories"];

    public static TheoryData<string> TableNames => [.. Tables.Keys];

    [Fact]
    public async Task It_loads_as_it_is()
    {
        var result = await new ConfigLoader(TimeProvider.System).LoadAsync(ShippedConfig.Path, TestContext.Current.CancellationToken);
        Assert.True(result.Succeeded, string.Join('\n', result.Errors));
        Assert.Equal(["bridge"], result.Loaded.Config.Drivers.Keys);
        Assert.Equal(["files"], result.Loaded.Config.Sources.Keys);
    }

    [Theory]
    [MemberData(nameof(TableNames))]
    public void It_names_every_key_of_a_table_with_its_default(string table)
    {
        var type = Tables[table];
        var text = TableText(table);
        var named = text.Select(line => line[..line.IndexOf(' ', StringComparison.Ordinal)]).ToList();
        var below = Tables.Keys.Where(other => other.StartsWith(table + ".", StringComparison.Ordinal)).Select(other => other[(table.Length + 1)..]);
        var keys = type.GetProperties()
            .Where(property => property.CanWrite)
            .Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name))
            .Except(below);
        Assert.Equal(keys.Order(), named.Order());

        var written = string.Join('\n', text.Where(line => !Examples.Contains($"{table}.{line[..line.IndexOf(' ', StringComparison.Ordinal)]}")));
        var bound = TomlBinder.Bind(type, TomlDocument.Parse(written, "host.toml").Document!.Root);
        Assert.True(bound.Succeeded, string.Join('\n', bound.Errors));
        Assert.Equal(Json(Activator.CreateInstance(type)!), Json(bound.Value));
    }

    [Fact]
    public void Its_built_in_jobs_have_the_schedules_that_they_have_without_a_table()
    {
        var text = Uncommented().SkipWhile(line => line != "[jobs.full-resync]").TakeWhile(line => line != "[management]");
        var result = new ConfigLoader(TimeProvider.System).Parse(Encoding.UTF8.GetBytes(string.Join('\n', text)), "/x/host.toml");
        Assert.True(result.Succeeded, string.Join('\n', result.Errors));
        Assert.Equal(BuiltInJobs.Names, result.Loaded.Config.Jobs.Keys.Order());
        Assert.Equal(JobSpecs.Defaults.OrderBy(job => job.Key), result.Loaded.Jobs.OrderBy(job => job.Key));
    }

    private static List<string> TableText(string table) =>
        [.. Uncommented().SkipWhile(line => line != $"[{table}]").Skip(1).TakeWhile(line => !line.StartsWith('['))];

    /// <summary>All settings, also those that are commented out: prose has a space behind its mark.</summary>
    private static IEnumerable<string> Uncommented() => File.ReadLines(ShippedConfig.Path)
        .Where(line => line.Length > 0 && !line.StartsWith("# ", StringComparison.Ordinal) && line != "#")
        .Select(line => TrailingComment().Replace(line.TrimStart('#'), ""));

    private static string Json(object value) => JsonSerializer.Serialize(value, value.GetType());

    [GeneratedRegex(@"\s+# .*$")]
    private static partial Regex TrailingComment();
}

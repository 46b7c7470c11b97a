using System.Text.RegularExpressions;

namespace DhcpHost.Architecture.Tests;

/// <summary>Lines of the log can be told apart by their event ids, and an id tells which part wrote the line.</summary>
public sealed partial class LogTests
{
    // 1xxx host, 2xxx configuration, 3xxx plugins, 4xxx drivers and servers, 5xxx reconciling, 6xxx scripts, 7xxx jobs, 8xxx HTTP.
    private static readonly Dictionary<string, string> Ranges = new(StringComparer.Ordinal)
    {
        ["src/DhcpHost"] = "12",
        ["src/DhcpHost.Core"] = "15",
        ["src/DhcpHost.Plugins"] = "3",
        ["src/DhcpHost.Scripting"] = "6",
        ["src/DhcpHost.Scheduling"] = "7",
        ["src/DhcpHost.Http"] = "8",
        ["plugins/DhcpHost.Plugin.Files"] = "2",
        ["plugins/DhcpHost.Plugin.Neutron"] = "2",
        ["plugins/DhcpHost.Plugin.Dnsmasq"] = "4",
        ["plugins/DhcpHost.Plugin.Kea"] = "4",
        ["plugins/DhcpHost.Plugin.InProcess"] = "4",
        ["plugins/DhcpHost.Plugin.Metadata"] = "4",
        ["plugins/DhcpHost.Plugin.HaProxy"] = "4",
    };

    private static IEnumerable<(string Id, string File)> Events =>
        Repository.Files("*.cs", "src", "plugins").SelectMany(
            path => EventId().Matches(File.ReadAllText(path)).Select(match => (match.Groups[1].Value, Repository.Name(path))));

    [Fact]
    public void Event_ids_are_unique()
    {
        Assert.NotEmpty(Events);
        Assert.Empty(Events.GroupBy(item => item.Id).Where(group => group.Count() > 1).Select(group => string.Join(", ", group)));
    }

    [Fact]
    public void An_event_id_tells_the_part_that_wrote_it() =>
        Assert.All(Events, item =>
        {
            var project = string.Join('/', item.File.Split('/').Take(2));
            Assert.True(
                item.Id.Length == 4 && Ranges.GetValueOrDefault(project, "").Contains(item.Id[0], StringComparison.Ordinal),
                $"{item.File} uses the event id {item.Id}");
        });

    [Fact]
    public void Every_line_has_an_event_id()
    {
        var without = Repository.Files("*.cs", "src", "plugins")
            .Where(path => File.ReadAllText(path) is var text && Attribute().Count(text) != EventId().Count(text))
            .Select(Repository.Name);
        Assert.Empty(without);
    }

    [GeneratedRegex(@"\[LoggerMessage\(\s*(?:EventId = )?(\d+)")]
    private static partial Regex EventId();

    [GeneratedRegex(@"\[LoggerMessage\(")]
    private static partial Regex Attribute();
}

using System.Text.Json;
using System.Xml.Linq;

namespace DhcpHost.Architecture.Tests;

public sealed class ReferenceTests
{
    // docs/architecture.md: references go one way.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["DhcpHost.Abstractions"] = [],
        ["DhcpHost.Linux"] = ["DhcpHost.Abstractions"],
        ["DhcpHost.Toml"] = ["DhcpHost.Abstractions"],
        ["DhcpHost.Neutron"] = ["DhcpHost.Abstractions"],
        ["DhcpHost.Core"] = ["DhcpHost.Abstractions"],
        ["DhcpHost.Plugins"] = ["DhcpHost.Abstractions", "DhcpHost.Core", "DhcpHost.Linux", "DhcpHost.Toml"],
        ["DhcpHost.Scripting"] = ["DhcpHost.Abstractions", "DhcpHost.Core", "DhcpHost.Linux"],
        ["DhcpHost.Scheduling"] = ["DhcpHost.Abstractions", "DhcpHost.Core"],
        ["DhcpHost.Http"] = ["DhcpHost.Abstractions", "DhcpHost.Core", "DhcpHost.Linux"],
    };

    public static TheoryData<string> Libraries => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_library_references_only_what_lies_below_it(string library)
    {
        var unexpected = References($"src/{library}/{library}.csproj").Except(Allowed[library]);
        Assert.Empty(unexpected);
    }

    [Fact]
    public void Every_library_below_the_executable_has_a_rule()
    {
        var libraries = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(Path.GetFileName).Where(name => name != "DhcpHost");
        Assert.Equal(Allowed.Keys.Order(), libraries.Order()!);
    }

    [Fact]
    public void A_plugin_references_the_contract_and_the_layers_without_an_engine()
    {
        string[] allowed = [
            "DhcpHost.Abstractions", "DhcpHost.Linux", "DhcpHost.Toml", "DhcpHost.Neutron", "DhcpHost.Dhcp", "DhcpHost.Serving", "DhcpHost.Interfaces"];
        foreach (var project in Repository.Files("*.csproj", "plugins"))
        {
            Assert.Empty(References(Repository.Name(project)).Except(allowed));
        }
    }

    [Fact]
    public void What_is_built_to_run_is_all_that_is_no_test()
    {
        using var filter = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "eng", "Product.slnf")));
        var listed = filter.RootElement.GetProperty("solution").GetProperty("projects").EnumerateArray().Select(project => project.GetString());
        var expected = new[] { "src", "plugins" }.SelectMany(top => Repository.Files("*.csproj", top)).Select(Repository.Name);
        Assert.Equal(expected.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_plugin_does_not_ship_the_contract()
    {
        foreach (var folder in Directory.EnumerateDirectories(Path.Combine(Repository.Root, "artifacts", "plugins")))
        {
            Assert.False(File.Exists(Path.Combine(folder, "DhcpHost.Abstractions.dll")), $"{folder} ships DhcpHost.Abstractions.dll");
        }
    }

    [Theory]
    [InlineData("Quartz", "DhcpHost.Scheduling")]
    [InlineData("Microsoft.CodeAnalysis.CSharp.Scripting", "DhcpHost.Scripting")]
    [InlineData("McMaster.NETCore.Plugins", "DhcpHost.Plugins")]
    [InlineData("Tomlyn", "DhcpHost.Toml")]
    [InlineData("Microsoft.Data.Sqlite", "DhcpHost.Core")]
    [InlineData("NLog", "DhcpHost")]
    [InlineData("Spectre.Console", "DhcpHost")]
    [InlineData("System.CommandLine", "DhcpHost")]
    public void A_package_has_one_project_that_knows_it(string package, string owner)
    {
        var users = Repository.Files("*.csproj", "src", "plugins")
            .Where(path => Elements(path, "PackageReference").Contains(package))
            .Select(Path.GetFileNameWithoutExtension);
        Assert.Equal([owner], users);
    }

    private static IEnumerable<string> References(string project) =>
        Elements(Path.Combine(Repository.Root, project), "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)!);

    private static List<string> Elements(string path, string name) =>
        [.. XDocument.Load(path).Descendants(name).Select(element => element.Attribute("Include")!.Value)];
}

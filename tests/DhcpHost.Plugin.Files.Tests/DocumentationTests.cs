using System.Text;
using System.Text.RegularExpressions;
using DhcpHost.Plugin.Files.Config;
using DhcpHost.Plugin.Files.Scanning;
using DhcpHost.Toml.Reference;

namespace DhcpHost.Plugin.Files.Tests;

/// <summary>Holds docs/configuration.md to the types. With <c>DHCPHOST_WRITE_DOCS=1</c> the references in it are written anew.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Document = Path.Combine(FindRoot(), "docs", "configuration.md");

    [Theory]
    [InlineData("options", typeof(FilesOptions))]
    [InlineData("network", typeof(NetworkConfig))]
    public async Task The_reference_is_what_the_types_say(string name, Type type)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var reference = TomlReference.Write(type, name == "options" ? "sources.files" : "", level: 3);
        var begin = $"<!-- reference: {name} -->\n";
        var text = await File.ReadAllTextAsync(Document, cancellationToken);
        var start = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var end = text.IndexOf("<!-- end -->", start, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("DHCPHOST_WRITE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(Document, $"{text[..start]}\n{reference}\n{text[end..]}", cancellationToken);
            return;
        }

        Assert.Equal($"\n{reference}\n", text[start..end]);
    }

    [Fact]
    public async Task Every_example_is_a_network_without_errors()
    {
        var text = await File.ReadAllTextAsync(Document, TestContext.Current.CancellationToken);
        var examples = Example().Matches(text);

        Assert.NotEmpty(examples);
        foreach (var example in examples.Select(match => match.Groups[1].Value))
        {
            var (network, errors) = new NetworkFileReader(new(), "host-a").Read(Encoding.UTF8.GetBytes(example), "networks/lab.toml");
            Assert.Empty(errors);
            Assert.NotEmpty(network!.Network.Subnets);
        }
    }

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "DhcpHost.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException($"No DhcpHost.sln above {AppContext.BaseDirectory}.");
        }

        return directory.FullName;
    }

    [GeneratedRegex("^```toml network\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Example();
}

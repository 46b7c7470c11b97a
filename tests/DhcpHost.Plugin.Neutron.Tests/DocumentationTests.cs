using System.Text.Json;
using DhcpHost.Plugin.Neutron.Messaging;
using DhcpHost.Toml;
using DhcpHost.Toml.Reference;

namespace DhcpHost.Plugin.Neutron.Tests;

/// <summary>Holds docs/sources/neutron.md and host.toml to the options types. With <c>DHCPHOST_WRITE_DOCS=1</c> the reference is written anew.</summary>
public sealed class DocumentationTests
{
    private const string Begin = "<!-- reference: options -->\n";

    [Fact]
    public async Task The_reference_is_what_the_types_say()
    {
        var path = Path.Combine(FindRoot(), "docs", "sources", "neutron.md");
        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var start = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = text.IndexOf("<!-- end -->", start, StringComparison.Ordinal);
        var reference = $"\n{TomlReference.Write(typeof(NeutronOptions), "sources.neutron", level: 3)}\n";
        if (Environment.GetEnvironmentVariable("DHCPHOST_WRITE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(path, text[..start] + reference + text[end..], TestContext.Current.CancellationToken);
            return;
        }

        Assert.Equal(reference, text[start..end]);
    }

    [Fact]
    public void A_key_that_was_removed_says_what_to_write_instead()
    {
        var document = TomlDocument.Parse("messaging.transport_url_file = \"x\"\nenable_metadata_network = true\n", "host.toml").Document!;

        var error = Assert.Single(TomlBinder.Bind(typeof(NeutronOptions), document.Root).Errors);

        Assert.Equal(
            "host.toml:2:1: enable_metadata_network: this key is no more; write `metadata_networks = true` into [defaults], which means it for all sources",
            error.ToString());
    }

    [Fact]
    public async Task The_shipped_file_names_every_key_with_its_default()
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(FindRoot(), "host.toml"), TestContext.Current.CancellationToken);
        var section = lines.SkipWhile(line => line != "#[sources.neutron]").Skip(1).TakeWhile(line => line.Length > 0).Select(line => line[1..]);

        // One of the two has to be given; the file shows both empty.
        var text = string.Join('\n', section)
            .Replace("sources.neutron.", "", StringComparison.Ordinal)
            .Replace("transport_url_file = \"\"", "transport_url_file = \"x\"", StringComparison.Ordinal);
        var bound = TomlBinder.Bind(typeof(NeutronOptions), TomlDocument.Parse(text, "host.toml").Document!.Root);
        Assert.True(bound.Succeeded, string.Join('\n', bound.Errors));
        var expected = new NeutronOptions { Messaging = new() { TransportUrlFile = "x" } };
        Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize((NeutronOptions)bound.Value!));

        var named = text.Split('\n').Where(line => !line.StartsWith('[')).Select(line => line[..line.IndexOf(' ', StringComparison.Ordinal)]);
        var types = new[] { typeof(NeutronOptions), typeof(MessagingOptions), typeof(RabbitOptions) };
        var keys = types.SelectMany(type => type.GetProperties()).Where(property => property.CanWrite && !types.Contains(property.PropertyType));
        Assert.Equal(keys.Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)).Order(), named.Order());
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
}

using System.Text;
using DhcpHost.Neutron.Settings;

namespace DhcpHost.Neutron.Tests.Settings;

/// <summary>Holds docs/neutron-parity.md to the catalogue of options. With <c>DHCPHOST_WRITE_DOCS=1</c> its table is written anew.</summary>
public sealed class ParityDocumentTests
{
    private const string Begin = "<!-- options -->\n";
    private const string End = "<!-- end -->";

    [Fact]
    public async Task The_table_of_options_is_what_the_import_goes_by()
    {
        var path = Path.Combine(FindTop(), "docs", "neutron-parity.md");
        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var start = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = text.IndexOf(End, start, StringComparison.Ordinal);
        Assert.True(start >= Begin.Length && end > 0);
        var expected = text[..start] + Table() + text[end..];

        if (Environment.GetEnvironmentVariable("DHCPHOST_WRITE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(path, expected, TestContext.Current.CancellationToken);
            return;
        }

        Assert.Equal(expected, text);
    }

    private static string Table()
    {
        var table = new StringBuilder("\n| Option | Neutron's default | Here | |\n|---|---|---|---|\n");
        foreach (var option in NeutronOptions.All)
        {
            var here = option.Fate switch
            {
                OptionFate.Mapped when option.Target.Length > 0 => $"`{option.Target}`",
                OptionFate.Unsupported => "cannot be honoured",
                _ => "no meaning here",
            };
            _ = table.Append($"| `{option}` | {(option.Default.Length > 0 ? $"`{option.Default}`" : "")} | {here} | {option.Remark} |\n");
        }

        return table.Append('\n').ToString();
    }

    private static string FindTop()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "DhcpHost.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("DhcpHost.sln is in none of the directories above.");
        }

        return directory.FullName;
    }
}

using DhcpHost.Toml.Reference;
using DhcpHost.Toml.Tests.Options;

namespace DhcpHost.Toml.Tests;

public sealed class TomlReferenceTests
{
    private static readonly string Markdown = TomlReference.Write(typeof(HostSample), "");

    [Theory]
    [InlineData("### Top level\n\nOptions of every kind that the binder knows.\n\n| Key |")]
    [InlineData("| `name` | string | required | must have 2 to 8 characters | The name of the host. |\n")]
    [InlineData("| `limits` | table |  |  | Hard limits. |\n")]
    [InlineData("| `loudness` | \"very_quiet\" or \"loud\" | `\"very_quiet\"` |  | How loud. |\n")]
    [InlineData("| `wait` | duration | `\"30s\"` | must be between \"1s\" and \"1h\" | How long to wait. |\n")]
    [InlineData("| `keep` | duration or \"infinite\" | `\"1d\"` |  | How long to keep. |\n")]
    [InlineData("| `memory` | size | `\"64MiB\"` |  |  |\n")]
    [InlineData("| `servers` | array of IP addresses |  |  |  |\n")]
    [InlineData("| `rules` | array of tables |  |  |  |\n")]
    [InlineData("| `named` | table of tables by name |  |  |  |\n")]
    [InlineData("| `anything` | table of any values by name |  |  |  |\n")]
    [InlineData("### `[limits]`\n\n| Key |")]
    [InlineData("| `workers_max` | integer | `16` | must be between 1 and 256 |  |\n")]
    [InlineData("### `[[rules]]`\n\nA record with a primary constructor and a required member.\n\n| Key |")]
    [InlineData("| `order` | integer | `7` |  |  |\n")]
    [InlineData("| `file_name` | string | required |  |  |\n")]
    public void The_reference_says_what_the_type_says(string part) => Assert.Contains(part, Markdown, StringComparison.Ordinal);

    [Fact]
    public void A_table_of_its_own_is_headed_by_its_path() =>
        Assert.StartsWith("## `[limits]`\n", TomlReference.Write(typeof(LimitsSample), "limits", level: 2), StringComparison.Ordinal);
}

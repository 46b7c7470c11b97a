using System.Text;
using DhcpHost.Configuration;

namespace DhcpHost.Tests.Configuration;

public sealed class ConfigDiffTests
{
    [Fact]
    public void Comments_spaces_and_order_are_no_difference()
    {
        var diff = ConfigDiff.Between(Load("[limits]\nnetworks = 5\n[host]\nname = 'a'"), Load("[host]\nname='a' # me\n\n[limits]\nnetworks = 5"));
        Assert.True(diff.IsEmpty);
    }

    [Fact]
    public void A_changed_an_added_and_a_removed_table_differ()
    {
        var diff = ConfigDiff.Between(Load("[limits]\nnetworks = 5\n[jobs.a]\nscript='a'\nevery='1m'"), Load("[limits]\nnetworks = 6\n[host]\nname='b'"));
        Assert.Equal(["host", "jobs", "limits"], diff.Tables.Order());
        Assert.Equal(["host"], diff.NeedRestart);
        Assert.True(diff.Has("limits"));
    }

    private static LoadedConfig Load(string text)
    {
        var result = new ConfigLoader(TimeProvider.System).Parse(Encoding.UTF8.GetBytes(text), "/x/host.toml");
        Assert.True(result.Succeeded, string.Join('\n', result.Errors));
        return result.Loaded;
    }
}

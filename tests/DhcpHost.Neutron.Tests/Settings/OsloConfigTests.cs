using DhcpHost.Neutron.Settings;

namespace DhcpHost.Neutron.Tests.Settings;

public sealed class OsloConfigTests
{
    [Theory]
    [InlineData("a = 1", "1")]
    [InlineData("a=1", "1")]
    [InlineData("a: 1", "1")]
    [InlineData("a = \"1 \"", "1 ")]
    [InlineData("a = '1'", "1")]
    [InlineData("a = \"", "\"")]
    [InlineData("a =", "")]
    [InlineData("a = x = y", "x = y")]
    [InlineData("a = http://h:1/", "http://h:1/")]
    [InlineData("a = 1 # not a comment", "1 # not a comment")]
    [InlineData("a = 1,\n  2,\n\t3", "1,\n2,\n3")]
    [InlineData("a = 1\n\n  2", "1")]
    [InlineData("a = 1\n# 2\nb = 3", "1")]
    [InlineData("a = 1\r\nb = 2\r\n", "1")]
    [InlineData("a = 1\na = 2", "2")]
    [InlineData("[DEFAULT]\na = 1\n[other]\na = 2", "1")]
    [InlineData("[other]\na = 2\n[DEFAULT]\na = 1", "1")]
    public void A_value_is_what_oslo_config_takes_it_for(string text, string expected) => Assert.Equal(expected, Read(text).Find("DEFAULT", "a")!.Text);

    [Fact]
    public void A_groups_name_has_no_case_and_an_option_may_have_hyphens() =>
        Assert.Equal("7", Read("[AGENT]\nreport-interval = 7").Find("agent", "report_interval")!.Text);

    [Fact]
    public void The_last_file_counts_and_all_values_are_kept_for_options_of_many()
    {
        var config = new OsloConfig();
        config.Read("one", "a = 1\na = 2\nb = 1");
        config.Read("two", "a = 3");

        Assert.Equal(["1", "2", "3"], config.All("DEFAULT", "a").Select(value => value.Text));
        Assert.Equal(new OsloValue("3", "two", 1), config.Find("DEFAULT", "a"));
        Assert.Equal("one:3", config.Find("DEFAULT", "b")!.Place);
    }

    [Theory]
    [InlineData("  a = 1", 1)]
    [InlineData("a = 1\nthis is nothing", 2)]
    [InlineData("= 1", 1)]
    [InlineData("[group", 1)]
    [InlineData("[]", 1)]
    public void What_is_no_option_is_an_error_with_its_line(string text, int line)
    {
        var error = Assert.Single(Read(text).Errors);
        Assert.Equal(("file", line), (error.Path, error.Line));
    }

    private static OsloConfig Read(string text)
    {
        var config = new OsloConfig();
        config.Read("file", text);
        return config;
    }
}

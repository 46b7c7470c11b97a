using DhcpHost.Toml.Tests.Options;

namespace DhcpHost.Toml.Tests;

public sealed class TomlTableViewTests
{
    private static readonly TomlDocument Document = TomlDocument.Parse(
        "workers_max = 5\n[plugin]\nx = 1\n[[list]]\na = 1\n[[list]]\n\"a.b\" = { c = 2 }\n", "host.toml").Document!;

    [Fact]
    public void A_table_that_was_taken_out_is_no_unknown_table_to_the_rest()
    {
        var root = TomlDocument.Parse("workers_max = 5\n[plugin]\nx = 1\n", "host.toml").Document!.Root;

        var plugin = root.TakeTable("plugin");
        var limits = TomlBinder.Bind<LimitsSample>(root);

        Assert.Empty(limits.Errors);
        Assert.Equal(5, limits.Value!.WorkersMax);
        Assert.Empty(root.UnconsumedKeys);
        Assert.True(root.IsBound);
        Assert.Equal(["x"], plugin!.UnconsumedKeys);
        Assert.False(plugin.IsBound);
        Assert.Equal(
            "host.toml:3:1: plugin.x: unknown key; known here: workers_max, workers_min",
            Assert.Single(TomlBinder.Bind<LimitsSample>(plugin).Errors).ToString());
    }

    [Fact]
    public void A_table_may_be_bound_twice()
    {
        var root = TomlDocument.Parse("workers_max = 5\n", "host.toml").Document!.Root;

        Assert.Equal(5, TomlBinder.Bind<LimitsSample>(root).Value!.WorkersMax);
        Assert.Equal(5, TomlBinder.Bind<LimitsSample>(root).Value!.WorkersMax);
    }

    [Theory]
    [InlineData("plugin.x", 3, 5)]
    [InlineData("plugin.y", 2, 1)]
    [InlineData("list[1]", 6, 1)]
    [InlineData("list[1].\"a.b\".c", 7, 15)]
    [InlineData("list[9].a", 4, 1)]
    [InlineData("list[x", 4, 1)]
    [InlineData("nowhere", 1, 1)]
    [InlineData("", 1, 1)]
    public void An_error_is_placed_at_the_value_that_a_path_names(string key, int line, int column)
    {
        var error = Document.ErrorAt(key, "wrong");

        Assert.Equal((line, column, key), (error.Line, error.Column, error.Key));
    }

    [Fact]
    public void An_error_below_a_view_has_the_full_key()
    {
        var view = TomlDocument.Parse("[a.b]\nc = 1\n", "f.toml").Document!.Root.TakeTable("a")!.TakeTable("b")!;

        Assert.Equal("f.toml:2:5: a.b.c: is odd", view.ErrorAt("c", "is odd").ToString());
        Assert.Null(view.TakeTable("c"));
        Assert.Null(view.TakeTable("d"));
    }
}

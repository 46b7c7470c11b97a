namespace DhcpHost.Plugins.Tests;

/// <summary>The guide shows the sample that these tests load, not something like it.</summary>
public sealed class PluginGuideTests
{
    [Theory]
    [InlineData("Sample/TestPlugins.Sample.csproj", "xml")]
    [InlineData("Sample/plugin.toml", "toml")]
    [InlineData("Sample/SamplePlugin.cs", "csharp")]
    public void Guide_CodeBlock_IsTheSamplesFile(string file, string language)
    {
        var root = Root();
        var guide = File.ReadAllText(Path.Combine(root, "docs", "plugins.md"));
        var start = guide.IndexOf($"```{language}\n", StringComparison.Ordinal) + language.Length + 4;
        var block = guide[start..guide.IndexOf("```", start, StringComparison.Ordinal)];
        Assert.Contains(block, File.ReadAllText(Path.Combine(root, "tests", "TestPlugins", file)), StringComparison.Ordinal);
    }

    private static string Root()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "DhcpHost.sln")))
        {
            directory = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(directory))
                ?? throw new DirectoryNotFoundException("DhcpHost.sln is nowhere above the tests.");
        }

        return directory;
    }
}

namespace DhcpHost.Plugins.Tests;

/// <summary>The test plugins as the build made them.</summary>
internal static class TestPluginFiles
{
    // artifacts/bin/<project>/<configuration>/ for every project of the solution.
    private static readonly string OwnOutput = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);

    /// <summary>The output folder of a project.</summary>
    public static string FolderOf(string project)
    {
        var folder = Path.Combine(OwnOutput, "..", "..", project, Path.GetFileName(OwnOutput));
        Assert.True(Directory.Exists(folder), $"{folder} is not built");
        return Path.GetFullPath(folder);
    }

    /// <summary>The bytes of a project's assembly.</summary>
    public static byte[] Assembly(string project, string assembly) => File.ReadAllBytes(Path.Combine(FolderOf(project), assembly));

    /// <summary>The host's own contract assembly.</summary>
    public static string Contract => Path.Combine(OwnOutput, "DhcpHost.Abstractions.dll");

    /// <summary>A DLL of the host that uses the contract and holds no plugin.</summary>
    public static string Toml => typeof(Toml.TomlDocument).Assembly.Location;

    /// <summary>The version of the contract's assembly.</summary>
    public static Version ContractVersion => typeof(Abstractions.Plugins.IPlugin).Assembly.GetName().Version!;
}

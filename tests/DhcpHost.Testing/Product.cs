namespace DhcpHost.Testing;

/// <summary>Where the build put what is delivered.</summary>
public static class Product
{
    private static readonly string Artifacts = FindArtifacts();

    /// <summary>What DHCPHOST_EXECUTABLE names: test.sh tests what run.sh runs. Else the executable that was built with these tests.</summary>
    public static string Executable { get; } = Published is { Length: > 0 } named ? named : Path.Combine(
        Artifacts, "bin", "DhcpHost", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "dhcphost");

    /// <summary>Whether the executable is one that was published.</summary>
    public static bool IsPublished => Published is { Length: > 0 };

    /// <summary>The plugins' folders.</summary>
    public static string Plugins { get; } = Path.Combine(Artifacts, "plugins");

    /// <summary>The repository.</summary>
    public static string Root { get; } = Path.GetDirectoryName(Artifacts)!;

    private static string? Published => Environment.GetEnvironmentVariable("DHCPHOST_EXECUTABLE");

    private static string FindArtifacts()
    {
        // artifacts/bin/DhcpHost.EndToEnd.Tests/release/
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory.Name != "artifacts")
        {
            directory = directory.Parent ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is not below an artifacts folder.");
        }

        return directory.FullName;
    }
}

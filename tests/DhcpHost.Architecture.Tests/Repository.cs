using System.Runtime.CompilerServices;

namespace DhcpHost.Architecture.Tests;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Source files below the given folders of the repository, without what a build makes.</summary>
    public static IEnumerable<string> Files(string pattern, params string[] folders) =>
        folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal));

    /// <summary>A path as the repository names it.</summary>
    public static string Name(string path) => Path.GetRelativePath(Root, path);

    private static string FindRoot([CallerFilePath] string here = "")
    {
        // CallerFilePath is mapped to /_/ in a deterministic CI build: look upwards from the test's own folder instead.
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "DhcpHost.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException($"No DhcpHost.sln above {AppContext.BaseDirectory} ({here}).");
    }
}

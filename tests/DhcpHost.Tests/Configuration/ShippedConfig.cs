namespace DhcpHost.Tests.Configuration;

/// <summary>The <c>host.toml</c> that ships.</summary>
internal static class ShippedConfig
{
    /// <summary>The top of the checkout that these tests were built from.</summary>
    public static string Top { get; } = FindTop();

    public static string Path => System.IO.Path.Combine(Top, "host.toml");

    private static string FindTop()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(directory.FullName, "DhcpHost.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException($"No DhcpHost.sln above {AppContext.BaseDirectory}.");
    }
}

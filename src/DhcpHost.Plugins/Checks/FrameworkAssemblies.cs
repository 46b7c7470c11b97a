using System.Collections.Frozen;

namespace DhcpHost.Plugins.Checks;

/// <summary>What .NET itself brings: a plugin may use it without bringing it along. What else the host has is the host's own business.</summary>
internal static class FrameworkAssemblies
{
    private static readonly FrozenSet<string> Names = Find();

    public static bool Contains(string simpleName) => Names.Contains(simpleName);

    private static FrozenSet<string> Find()
    {
        var trusted = ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var own = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var isSelfContained = trusted.Any(path => Path.GetFileName(path) == "System.Private.CoreLib.dll" && Path.GetDirectoryName(path) == own);
        return (isSelfContained ? RuntimePacks.FindAssemblies(File.ReadAllBytes(DepsFile)) : trusted.Where(path => Path.GetDirectoryName(path) != own))
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The runtime tells the program's own file first (hostpolicy's properties).</summary>
    private static string DepsFile => ((string?)AppContext.GetData("APP_CONTEXT_DEPS_FILES") ?? "").Split(';')[0];
}

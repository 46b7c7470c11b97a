using DhcpHost.Scripting.Sources;

namespace DhcpHost.Scripting.Reload;

/// <summary>Which scripts there are.</summary>
internal static class ScriptFolder
{
    public const string Policies = "policies";
    public const string Jobs = "jobs";
    private const string Ending = ".csx";

    /// <summary>All script files, policies first, each folder by name. Files in further folders are for <c>#load</c>.</summary>
    public static IReadOnlyList<(string Name, ScriptKind? Kind, string Path)> List(string root) =>
    [
        .. ListFiles(root, Policies).Select(file => (file, ScriptKind.Policies.FirstOrDefault(kind => kind.Id == file), $"{Policies}/{file}{Ending}")),
        .. ListFiles(root, Jobs).Select(file => ($"{Jobs}/{file}", (ScriptKind?)ScriptKind.Job, $"{Jobs}/{file}{Ending}")),
    ];

    private static IEnumerable<string> ListFiles(string root, string folder)
    {
        var directory = Path.Combine(root, folder);
        return Directory.Exists(directory)
            ? Directory.EnumerateFiles(directory, "*" + Ending)
                .Select(Path.GetFileNameWithoutExtension)
                .Where(IsVisible)
                .OfType<string>()
                .Order(StringComparer.Ordinal)
            : [];
    }

    // What editors put beside a file while they save it.
    private static bool IsVisible(string? name) => name is { Length: > 0 } && name[0] != '.' && name[0] != '#';
}

using DhcpHost.Abstractions.Networks;
using DhcpHost.Plugins.Packages;

namespace DhcpHost.Plugins.Supervision;

/// <summary>The plugin folders that are there now.</summary>
/// <param name="Found">Each plugin's folder; where two directories have the same, the first one's.</param>
/// <param name="Shadowed">Folders of an id that another directory has already.</param>
/// <param name="Misnamed">Folders whose name is no id, and those beyond the number that is loaded.</param>
/// <param name="Missing">Configured directories that are not there.</param>
internal sealed record PluginFolders(
    IReadOnlyDictionary<PluginId, string> Found,
    IReadOnlyList<(PluginId Id, string Folder, string First)> Shadowed,
    IReadOnlyList<string> Misnamed,
    IReadOnlyList<string> Missing)
{
    public static PluginFolders Find(IReadOnlyList<string> directories)
    {
        var found = new SortedDictionary<PluginId, string>();
        var shadowed = new List<(PluginId, string, string)>();
        var misnamed = new List<string>();
        var missing = new List<string>();
        foreach (var directory in directories)
        {
            if (!Directory.Exists(directory))
            {
                missing.Add(directory);
                continue;
            }

            var folders = Directory.EnumerateDirectories(directory).Where(folder => Path.GetFileName(folder)[0] != '.').Order(StringComparer.Ordinal);
            foreach (var folder in folders.Take(2 * PackageLimits.Plugins))
            {
                if (!PluginId.TryParse(Path.GetFileName(folder), null, out var id) || found.Count >= PackageLimits.Plugins)
                {
                    misnamed.Add(folder);
                }
                else if (!found.TryAdd(id, folder))
                {
                    shadowed.Add((id, folder, found[id]));
                }
            }
        }

        return new(found, shadowed, misnamed, missing);
    }

    /// <summary>Where a folder's files are; <c>null</c> while it is gone, for it is being replaced for one.</summary>
    public static string? TryResolve(string folder)
    {
        try
        {
            return FolderListing.Resolve(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>How a folder looks, or why it cannot be looked at.</summary>
    public static string Signature(string folder)
    {
        try
        {
            return FolderListing.Of(FolderListing.Resolve(folder)).Signature;
        }
        catch (Exception exception) when (exception is PluginLoadException or IOException or UnauthorizedAccessException)
        {
            return $"?{exception.Message}";
        }
    }
}

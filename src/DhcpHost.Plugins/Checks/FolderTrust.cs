using System.Globalization;
using DhcpHost.Linux.Files;

namespace DhcpHost.Plugins.Checks;

/// <summary>Whether only the host's user or root can have put code into a folder.</summary>
internal static class FolderTrust
{
    private const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Checks a folder, the directories in it, and the directory that it is in, from which somebody could swap it whole.</summary>
    /// <exception cref="PluginLoadException">Somebody else can replace it.</exception>
    public static void CheckFolder(string folder)
    {
        if (Path.GetDirectoryName(folder) is { } parent)
        {
            var mode = File.GetUnixFileMode(parent);
            if ((mode & Others) != 0 && !mode.HasFlag(UnixFileMode.StickyBit))
            {
                throw Writable(parent, mode);
            }
        }

        foreach (var directory in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).Prepend(folder))
        {
            CheckFile(directory);
        }
    }

    /// <exception cref="PluginLoadException">Somebody else can change it.</exception>
    public static void CheckFile(string path)
    {
        var mode = File.GetUnixFileMode(path);
        if ((mode & Others) != 0)
        {
            throw Writable(path, mode);
        }

        if (FileOwner.Of(path) is { } owner && owner.UserId != FileOwner.Root.UserId && owner.UserId != FileOwner.Current.UserId)
        {
            throw new PluginLoadException(string.Create(
                CultureInfo.InvariantCulture, $"{path} belongs to the user {owner.UserId}, who could change it; run: chown "
                    + $"{FileOwner.Current.UserId} '{path}'"));
        }
    }

    private static PluginLoadException Writable(string path, UnixFileMode mode) => new(
        $"{path} can be written by {(mode.HasFlag(UnixFileMode.OtherWrite) ? "everybody" : "its group")}; run: chmod go-w '{path}'");
}

namespace DhcpHost.Plugins.Checks;

/// <summary>Whether only the host's user or root can have put code into a folder.</summary>
internal static class FolderTrust
{
    private const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <exception cref="PluginLoadException">Somebody else can replace it.</exception>
    public static void CheckFolder(string folder)
    {
        var parent = Path.GetDirectoryName(folder);
        if (parent is not null && (File.GetUnixFileMode(parent) & Others) is not 0 and var mode && (File.GetUnixFileMode(parent) & UnixFileMode.StickyBit) == 0)
        {
            throw Refuse(parent, mode);
        }

        foreach (var directory in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).Prepend(folder))
        {
            CheckFile(directory);
        }
    }

    /// <exception cref="PluginLoadException">Somebody else can change it.</exception>
    public static void CheckFile(string path)
    {
        if ((File.GetUnixFileMode(path) & Others) is not 0 and var mode)
        {
            throw Refuse(path, mode);
        }
    }

    private static PluginLoadException Refuse(string path, UnixFileMode mode) => new(
        $"{path} can be written by {(mode.HasFlag(UnixFileMode.OtherWrite) ? "everybody" : "its group")}; run: chmod go-w '{path}'");
}

using DhcpHost.Linux.Files;

namespace DhcpHost.Plugins.Checks;

/// <summary>Whether only the host's user or root can have put code into a folder.</summary>
internal static class FolderTrust
{
    /// <summary>Checks a folder, the directories in it, and the directory that it is in, from which somebody could swap it whole.</summary>
    /// <exception cref="PluginLoadException">Somebody else can replace it.</exception>
    public static void CheckFolder(string folder)
    {
        Refuse(CodeTrust.FindFaultOfFolder(folder));
        foreach (var directory in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories))
        {
            CheckFile(directory);
        }
    }

    /// <exception cref="PluginLoadException">Somebody else can change it.</exception>
    public static void CheckFile(string path) => Refuse(CodeTrust.FindFault(path));

    private static void Refuse(string? fault)
    {
        if (fault is not null)
        {
            throw new PluginLoadException(fault);
        }
    }
}

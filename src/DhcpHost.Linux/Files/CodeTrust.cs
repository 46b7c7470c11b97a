using System.Globalization;

namespace DhcpHost.Linux.Files;

/// <summary>Whether only the host's own user or root can have put code into a place from which the host runs it.</summary>
public static class CodeTrust
{
    private const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Looks at a folder, and at the directory that it is in, from which somebody could swap it whole.</summary>
    /// <param name="folder">The folder, by absolute path; it is there.</param>
    /// <returns>Who else could change it, and the cure; null where nobody can.</returns>
    public static string? FindFaultOfFolder(string folder)
    {
        if (Path.GetDirectoryName(folder) is { } parent && File.GetUnixFileMode(parent) is var mode && !mode.HasFlag(UnixFileMode.StickyBit)
            && FindWriter(parent, mode) is { } fault)
        {
            return fault;
        }

        return FindFault(folder);
    }

    /// <summary>Looks at one file or directory.</summary>
    /// <param name="path">It is there.</param>
    /// <returns>Who else could change it, and the cure; null where nobody can.</returns>
    public static string? FindFault(string path) => FindWriter(path, File.GetUnixFileMode(path)) ?? FindOwner(path);

    private static string? FindWriter(string path, UnixFileMode mode) => (mode & Others) == 0
        ? null
        : $"{path} can be written by {(mode.HasFlag(UnixFileMode.OtherWrite) ? "everybody" : "its group")}; run: chmod go-w '{path}'";

    private static string? FindOwner(string path) =>
        FileOwner.Of(path) is { } owner && owner.UserId != FileOwner.Root.UserId && owner.UserId != FileOwner.Current.UserId
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{path} belongs to the user {owner.UserId}, who could change it; run: chown {FileOwner.Current.UserId} '{path}'")
            : null;
}

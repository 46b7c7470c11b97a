using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Files;

/// <summary>Tells whether a file is the same as before, without reading it: another file in its place, or a write into it, makes another stamp.</summary>
/// <param name="Device">The device that it is on.</param>
/// <param name="Inode">Its inode.</param>
/// <param name="Size">Its size.</param>
/// <param name="ModifiedAt">When it was written to.</param>
public readonly record struct FileStamp((uint Major, uint Minor) Device, ulong Inode, ulong Size, DateTimeOffset ModifiedAt)
{
    /// <summary>The stamp of the file at a path, behind symbolic links; <c>null</c> where there is none.</summary>
    /// <exception cref="LinuxException">The way there is barred.</exception>
    public static FileStamp? Of(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return FileStatus.At(path, followsLinks: true) is { } status
            ? new((status.DeviceMajor, status.DeviceMinor), status.Inode, status.Size, status.ModifiedAt)
            : null;
    }
}

using DhcpHost.Linux.Interop;
using Microsoft.Win32.SafeHandles;

namespace DhcpHost.Linux.Files;

/// <summary>Files in directories of servers, who may not be trusted: nothing but a regular file is read, and opening never waits.</summary>
public static class ServerFile
{
    /// <summary>A file's text; <c>null</c> where there is none, and where a link, a FIFO or something else that is no regular file is in its place.</summary>
    /// <exception cref="IOException">It is there but cannot be opened.</exception>
    public static string? TryReadText(string path)
    {
        using var file = TryOpen(path);
        using var reader = file is null ? null : new StreamReader(file);
        return reader?.ReadToEnd();
    }

    /// <summary>Opens a file for reading; <c>null</c> where there is none that may be read.</summary>
    internal static FileStream? TryOpen(string path)
    {
        using var fd = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NOFOLLOW | Libc.O_NONBLOCK, 0);
        if (fd.IsInvalid)
        {
            // ENXIO is a socket's, or a device's that is not there.
            return Libc.LastErrno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.ENXIO
                ? null
                : throw new IOException(new LinuxException(Libc.LastErrno, $"open {path}").Message);
        }

        return FileStatus.Of(fd, path).IsRegularFile ? new FileStream(new SafeFileHandle(fd.Detach(), ownsHandle: true), FileAccess.Read) : null;
    }
}

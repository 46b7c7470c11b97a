using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Files;

/// <summary>Directories that hold what only one user may see.</summary>
public static class PrivateDirectory
{
    /// <summary>0700.</summary>
    public const UnixFileMode DefaultMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes the directory, or corrects mode and owner of the one that is there. Its parent must exist.</summary>
    /// <param name="path">The directory; a symbolic link there is refused.</param>
    /// <param name="mode">Permissions, whatever the umask.</param>
    /// <param name="owner">Null leaves the owner as it is.</param>
    /// <returns>Whether anything was made or corrected.</returns>
    /// <exception cref="LinuxException">ELOOP or ENOTDIR: what is there is a symbolic link or no directory; ENOENT: no parent.</exception>
    public static bool Ensure(string path, UnixFileMode mode = DefaultMode, FileOwner? owner = null)
    {
        var made = Libc.mkdir(path, (uint)mode) == 0;
        if (!made && Libc.LastErrno is not Errno.EEXIST)
        {
            throw new LinuxException(Libc.LastErrno, $"mkdir {path}");
        }
        if (FileStatus.At(path) is { IsSymbolicLink: true })
        {
            // open below would say ENOTDIR of it, which misleads.
            throw new LinuxException(Errno.ELOOP, $"mkdir {path}", "a symbolic link is there");
        }
        using var fd = Libc.Check(Libc.open(path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0), "open", path);
        return FilePermission.Correct(fd, path, mode, owner) || made;
    }
}

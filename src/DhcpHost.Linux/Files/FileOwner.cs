using System.Runtime.InteropServices;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Files;

/// <summary>A user and a group by number.</summary>
/// <param name="UserId">User.</param>
/// <param name="GroupId">Group.</param>
public readonly record struct FileOwner(uint UserId, uint GroupId)
{
    private const int BufferLength = 16 * 1024;

    // struct passwd of 64-bit machines: two pointers, then pw_uid and pw_gid.
    private const int PasswordLength = 64;
    private const int UserOffset = 16;
    private const int GroupOffset = 20;

    /// <summary>The superuser.</summary>
    public static FileOwner Root => default;

    /// <summary>Who this process is when it makes and reads files (geteuid(2), getegid(2)).</summary>
    public static FileOwner Current => new(Libc.geteuid(), Libc.getegid());

    /// <summary>Whose a file or directory is, not following a symbolic link at the path's end; null if there is none.</summary>
    public static FileOwner? Of(string path) => FileStatus.At(path) is { } status ? new FileOwner(status.Owner, status.Group) : null;

    /// <summary>
    /// The nearest directory on the way to a path, that itself included, which this user cannot pass; null if there is none. What is not there is no
    /// obstacle. Groups do not count.
    /// </summary>
    public string? FindObstacle(string path)
    {
        for (var directory = UserId == 0 ? null : new DirectoryInfo(path); directory is not null; directory = directory.Parent)
        {
            var needed = Of(directory.FullName)?.UserId == UserId ? UnixFileMode.UserExecute : UnixFileMode.OtherExecute;
            if (directory.Exists && !directory.UnixFileMode.HasFlag(needed))
            {
                return directory.FullName;
            }
        }

        return null;
    }

    /// <summary>A user and its first group by the user's name (getpwnam_r(3)); null if there is no such user.</summary>
    public static unsafe FileOwner? TryFind(string userName)
    {
        var password = stackalloc byte[PasswordLength];
        var buffer = Marshal.AllocHGlobal(BufferLength);
        try
        {
            nint found = 0;
            var errno = (Errno)Libc.getpwnam_r(userName, password, (byte*)buffer, BufferLength, &found);
            if (found != 0)
            {
                return new FileOwner(*(uint*)(password + UserOffset), *(uint*)(password + GroupOffset));
            }
            return errno is Errno.None or Errno.ENOENT or Errno.ESRCH ? null : throw new LinuxException(errno, $"getpwnam {userName}");
        }
        finally
        {
            Marshal.FreeHGlobal(buffer);
        }
    }
}

using System.Runtime.InteropServices;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Files;

/// <summary>What .NET does not tell of the file of a Unix socket, and cannot do to it.</summary>
public static class SocketFile
{
    private const int BufferLength = 64 * 1024;

    // struct group of 64-bit machines: two pointers, then gr_gid.
    private const int GroupLength = 32;
    private const int GroupIdOffset = 16;

    private const uint SameUser = uint.MaxValue;

    /// <summary>Whether the file at a path, without following a symbolic link there, is a socket. False where there is none.</summary>
    public static bool IsSocket(string path) => FileStatus.At(path) is { IsSocket: true };

    /// <summary>Gives a socket's file to a group; its user stays. Follows no symbolic link.</summary>
    /// <returns>False where there is no such group.</returns>
    /// <exception cref="LinuxException">The group cannot be read, or the file cannot be given to it.</exception>
    public static unsafe bool TrySetGroup(string path, string group)
    {
        var found = stackalloc byte[GroupLength];
        var buffer = Marshal.AllocHGlobal(BufferLength);
        try
        {
            nint result = 0;
            var errno = (Errno)Libc.getgrnam_r(group, found, (byte*)buffer, BufferLength, &result);
            if (result == 0)
            {
                return errno is Errno.None or Errno.ENOENT or Errno.ESRCH ? false : throw new LinuxException(errno, $"getgrnam {group}");
            }

            _ = Libc.Check(Libc.lchown(path, SameUser, *(uint*)(found + GroupIdOffset)), "lchown", path);
            return true;
        }
        finally
        {
            Marshal.FreeHGlobal(buffer);
        }
    }
}

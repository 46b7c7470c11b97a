using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Files;

/// <summary>Files that only the host itself can have written.</summary>
public static class PrivateFile
{
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Reads a file whole if it is a regular file of the host's own user that nobody else may write to.</summary>
    /// <param name="path">The file; a symbolic link there is refused.</param>
    /// <param name="maxBytes">What it may have.</param>
    /// <param name="reason">Why it is not read.</param>
    /// <param name="orRoots">Whether root's will do too, who may do anything anyway.</param>
    /// <returns>Its content; null where it is not read.</returns>
    /// <exception cref="LinuxException">It is there but cannot be opened or read.</exception>
    public static byte[]? TryRead(string path, int maxBytes, out string reason, bool orRoots = false)
    {
        using var fd = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NOFOLLOW | Libc.O_NONBLOCK, 0);
        if (fd.IsInvalid)
        {
            reason = Libc.LastErrno switch
            {
                Errno.ENOENT => "there is none",
                Errno.ELOOP => "it is a symbolic link",
                var errno => throw new LinuxException(errno, $"open {path}"),
            };
            return null;
        }

        var status = FileStatus.Of(fd, path);
        reason = status switch
        {
            { IsRegularFile: false } => "it is not a regular file",
            _ when status.Owner != Libc.geteuid() && !(orRoots && status.Owner == FileOwner.Root.UserId) =>
                $"it belongs to user {status.Owner}, not to the host's own",
            _ when (status.Permissions & WritableByOthers) != 0 => "others may write to it",
            _ when status.Size > (ulong)maxBytes => $"it has {status.Size} bytes, more than {maxBytes}",
            _ => "",
        };
        return reason.Length == 0 ? ReadAll(fd, path, (int)status.Size) : null;
    }

    private static unsafe byte[] ReadAll(FileDescriptor fd, string path, int size)
    {
        var content = new byte[size];
        var count = 0;
        fixed (byte* start = content)
        {
            for (int step; count < size && (step = Libc.Check((int)Libc.read(fd, start + count, size - count), "read", path)) > 0;)
            {
                count += step;
            }
        }

        return count == size ? content : content[..count];
    }
}

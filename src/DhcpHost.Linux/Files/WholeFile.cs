using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Files;

/// <summary>Reads files that someone else writes: never half old and half new if that can be seen, and never waiting on what is no file.</summary>
public static class WholeFile
{
    private const int MaxAttempts = 4;

    /// <summary>Reads a regular file, following symbolic links, again if it is written meanwhile.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">Of a larger file one byte more than this is returned.</param>
    /// <returns>The content; <c>null</c> where there is no file.</returns>
    /// <exception cref="LinuxException">EACCES, EIO, ELOOP; EINVAL for what is no regular file; EAGAIN where it was written at every attempt.</exception>
    public static FileContent? Read(string path, int maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            using var fd = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK, 0);
            if (fd.IsInvalid)
            {
                return Libc.LastErrno is Errno.ENOENT or Errno.ENOTDIR ? null : throw new LinuxException(Libc.LastErrno, $"open {path}");
            }

            var before = FileStatus.Of(fd, path);
            if (!before.IsRegularFile)
            {
                throw new LinuxException(Errno.EINVAL, $"read {path}", "not a regular file");
            }

            var bytes = ReadAll(fd, path, before.Size, maxBytes);
            var after = FileStatus.Of(fd, path);
            if (before.Size == after.Size && before.ModifiedAt == after.ModifiedAt && ((ulong)bytes.Length == after.Size || bytes.Length > maxBytes))
            {
                return new(bytes, after.ModifiedAt);
            }
        }

        throw new LinuxException(Errno.EAGAIN, $"read {path}", "it is being written all the time");
    }

    private static unsafe byte[] ReadAll(FileDescriptor fd, string path, ulong size, int maxBytes)
    {
        var bytes = new byte[Math.Min(size, (ulong)maxBytes + 1)];
        var count = 0;
        fixed (byte* start = bytes)
        {
            while (count < bytes.Length)
            {
                var read = Libc.Check((int)Libc.read(fd, start + count, bytes.Length - count), "read", path);
                if (read == 0)
                {
                    break;
                }

                count += read;
            }
        }

        return count == bytes.Length ? bytes : bytes[..count];
    }
}

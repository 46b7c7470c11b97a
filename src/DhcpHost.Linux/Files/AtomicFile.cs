using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Files;

/// <summary>Files that a reader sees whole, old or new, and that are touched only when their bytes change.</summary>
public static class AtomicFile
{
    // A leading dot: dnsmasq and most others that read a directory skip such names.
    private const string TemporaryPrefix = ".";
    private const string TemporarySuffix = ".dhcphost-new";
    private const uint OwnerOnly = 0x180; // 0600

    /// <summary>
    /// Replaces the file's content if it differs: written beside it, with mode and owner set, then renamed over it. Mode and owner are
    /// corrected even where the content is the same.
    /// </summary>
    /// <param name="path">The file; a symbolic link there is refused.</param>
    /// <param name="content">The whole content.</param>
    /// <param name="mode">Permissions, whatever the umask.</param>
    /// <param name="owner">Null leaves the host's own.</param>
    /// <param name="flush">Forces content and name to the disk before it returns: for what a crash of the machine must not lose.</param>
    /// <returns>Whether the content changed.</returns>
    /// <exception cref="LinuxException">ENOSPC and EDQUOT (the old file is untouched), ELOOP for a symbolic link, and others.</exception>
    public static bool WriteIfChanged(string path, ReadOnlySpan<byte> content, UnixFileMode mode, FileOwner? owner = null, bool flush = false)
    {
        using (var current = OpenExisting(path))
        {
            if (current is not null && HasContent(current, path, content))
            {
                _ = FilePermission.Correct(current, path, mode, owner);
                return false;
            }
        }
        var temporary = TemporaryPath(path);
        try
        {
            WriteNew(temporary, content, mode, owner, flush);
            _ = Libc.Check(Libc.rename(temporary, path), "rename", $"{temporary} to {path}");
        }
        catch
        {
            _ = Libc.unlink(temporary);
            throw;
        }
        if (flush)
        {
            FlushDirectory(path);
        }
        return true;
    }

    /// <summary>
    /// Finds out whether a file could be replaced by one of a length: writes one beside it, and deletes that. For whoever must not begin what a full or
    /// read-only file system would not let it end.
    /// </summary>
    /// <param name="path">The file; it may be missing, its directory not.</param>
    /// <param name="length">The length, in bytes.</param>
    /// <exception cref="LinuxException">ENOSPC, EDQUOT, EROFS and others: as <see cref="WriteIfChanged"/> would have it.</exception>
    public static void Rehearse(string path, int length)
    {
        var temporary = TemporaryPath(path);
        try
        {
            WriteNew(temporary, new byte[length], UnixFileMode.UserRead | UnixFileMode.UserWrite, owner: null, flush: false);
        }
        finally
        {
            _ = Libc.unlink(temporary);
        }
    }

    /// <summary>Deletes what a crash in the middle of a write left in a directory; returns how many.</summary>
    public static int DeleteLeftovers(string directory) =>
        Directory.EnumerateFiles(directory, $"{TemporaryPrefix}*{TemporarySuffix}", new EnumerationOptions { AttributesToSkip = 0 })
            .Count(file => Libc.unlink(file) == 0);

    private static string TemporaryPath(string path)
    {
        // Only to be no leftover's: the file is made anew (O_EXCL) in a directory that is its owner's.
        var name = $"{TemporaryPrefix}{Path.GetFileName(path)}.{Random.Shared.NextInt64():x16}{TemporarySuffix}";
        return Path.Combine(Path.GetDirectoryName(path) ?? "/", name);
    }

    private static FileDescriptor? OpenExisting(string path)
    {
        if (FileStatus.At(path) is not { } status)
        {
            return null;
        }
        if (!status.IsRegularFile)
        {
            var errno = status.IsSymbolicLink ? Errno.ELOOP : status.IsDirectory ? Errno.EISDIR : Errno.EINVAL;
            throw new LinuxException(errno, $"replace {path}", "not a regular file");
        }
        var fd = Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NOFOLLOW | Libc.O_NONBLOCK, 0);
        if (!fd.IsInvalid)
        {
            return fd;
        }
        fd.Dispose();
        return Libc.LastErrno is Errno.ENOENT ? null : throw new LinuxException(Libc.LastErrno, $"open {path}");
    }

    private static unsafe bool HasContent(FileDescriptor fd, string path, ReadOnlySpan<byte> content)
    {
        const int ChunkLength = 16 * 1024;
        if (FileStatus.Of(fd, path).Size != (ulong)content.Length)
        {
            return false;
        }
        var chunk = stackalloc byte[ChunkLength];
        var compared = 0;
        while (true)
        {
            var count = Libc.Check((int)Libc.read(fd, chunk, ChunkLength), "read", path);
            if (count == 0)
            {
                return compared == content.Length;
            }
            var end = compared + count;
            if (end > content.Length || !content[compared..end].SequenceEqual(new ReadOnlySpan<byte>(chunk, count)))
            {
                return false;
            }
            compared = end;
        }
    }

    private static unsafe void WriteNew(string path, ReadOnlySpan<byte> content, UnixFileMode mode, FileOwner? owner, bool flush)
    {
        var flags = Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_NOFOLLOW | Libc.O_CLOEXEC;
        using var fd = Libc.Check(Libc.open(path, flags, OwnerOnly), "create", path);
        fixed (byte* p = content)
        {
            for (var written = 0; written < content.Length;)
            {
                written += Libc.Check((int)Libc.write(fd, p + written, content.Length - written), "write", path);
            }
        }
        _ = FilePermission.Correct(fd, path, mode, owner);
        if (flush)
        {
            _ = Libc.Check(Libc.fsync(fd), "fsync", path);
        }
    }

    private static void FlushDirectory(string path)
    {
        var directory = Path.GetDirectoryName(path) ?? "/";
        using var fd = Libc.Check(Libc.open(directory, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0), "open", directory);
        _ = Libc.Check(Libc.fsync(fd), "fsync", directory);
    }
}

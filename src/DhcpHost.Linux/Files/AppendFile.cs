using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Files;

/// <summary>A file of the host's own that grows at its end, whose content can be made durable. Used by one thread at a time.</summary>
public sealed class AppendFile : IDisposable
{
    private const uint Mode = 0x180; // 0600

    private readonly FileDescriptor _fd;

    private AppendFile(FileDescriptor fd, string path, long length)
    {
        _fd = fd;
        Path = path;
        Length = length;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its length as far as it was written by this.</summary>
    public long Length { get; private set; }

    /// <summary>Opens or makes it, with mode 0600; a symbolic link there is refused.</summary>
    /// <exception cref="LinuxException">It cannot be opened.</exception>
    public static AppendFile Open(string path)
    {
        var fd = Libc.Check(Libc.open(path, Libc.O_RDWR | Libc.O_CREAT | Libc.O_APPEND | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, Mode), "open", path);
        try
        {
            var status = FileStatus.Of(fd, path);
            if (!status.IsRegularFile)
            {
                throw new LinuxException(Errno.EINVAL, $"open {path}", "not a regular file");
            }

            _ = Libc.Check(Libc.fchmod(fd, Mode), "fchmod", path);
            return new(fd, path, (long)status.Size);
        }
        catch
        {
            fd.Dispose();
            throw;
        }
    }

    /// <summary>Writes all of it, or throws; then a part may be at the end, which <see cref="Truncate"/> takes away.</summary>
    public unsafe void Append(ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            for (var done = 0; done < data.Length;)
            {
                done += Libc.Check((int)Libc.write(_fd, start + done, data.Length - done), "write", Path);
            }
        }

        Length += data.Length;
    }

    /// <summary>Waits until the content is on the disk (fdatasync(2)).</summary>
    public void Flush() => _ = Libc.Check(Libc.fdatasync(_fd), "fdatasync", Path);

    /// <summary>Cuts it off at a length.</summary>
    public void Truncate(long length)
    {
        _ = Libc.Check(Libc.ftruncate(_fd, (nint)length), "ftruncate", Path);
        Length = length;
    }

    /// <summary>Gives it another name, in place of what has that name, durably.</summary>
    public AppendFile MoveTo(string path)
    {
        _ = Libc.Check(Libc.rename(Path, path), "rename", Path);
        using var directory = Libc.Check(
            Libc.open(System.IO.Path.GetDirectoryName(path)!, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0), "open", path);
        _ = Libc.Check(Libc.fsync(directory), "fsync", path);
        return new(new(_fd.Detach()), path, Length);
    }

    /// <inheritdoc/>
    public void Dispose() => _fd.Dispose();
}

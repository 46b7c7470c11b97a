using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Files;

/// <summary>A file of the host's own that grows at its end, whose content can be made durable. Used by one thread at a time.</summary>
public sealed class AppendFile : IDisposable
{
    private const uint Mode = 0x180; // 0600

    private const int RoomStep = 64 * 1024;
    private static readonly byte[] Zeros = new byte[RoomStep];

    private readonly FileDescriptor _fd;

    // The file's end, with the zeros that were written ahead.
    private long _end;

    private AppendFile(FileDescriptor fd, string path, long length)
    {
        _fd = fd;
        Path = path;
        Length = length;
        _end = length;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Where its content ends.</summary>
    public long Length { get; private set; }

    /// <summary>Opens or makes it, with mode 0600; a symbolic link there is refused.</summary>
    /// <exception cref="LinuxException">It cannot be opened.</exception>
    public static AppendFile Open(string path)
    {
        var fd = Libc.Check(Libc.open(path, Libc.O_RDWR | Libc.O_CREAT | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, Mode), "open", path);
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
    public void Append(ReadOnlySpan<byte> data)
    {
        Write(data, Length);
        Length += data.Length;
        _end = Math.Max(_end, Length);
    }

    /// <summary>
    /// Writes zeros behind the content, where there is not room for so much more: what is then appended changes neither the file's size nor its blocks, and
    /// <see cref="Flush"/> has less to write. <see cref="Truncate"/> takes them away.
    /// </summary>
    public void MakeRoom(int length)
    {
        while (Length + length > _end)
        {
            Write(Zeros, _end);
            _end += RoomStep;
        }
    }

    /// <summary>Waits until the content is on the disk (fdatasync(2)).</summary>
    public void Flush() => _ = Libc.Check(Libc.fdatasync(_fd), "fdatasync", Path);

    /// <summary>Cuts it off at a length.</summary>
    public void Truncate(long length)
    {
        _ = Libc.Check(Libc.ftruncate(_fd, (nint)length), "ftruncate", Path);
        Length = length;
        _end = length;
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

    private unsafe void Write(ReadOnlySpan<byte> data, long position)
    {
        fixed (byte* start = data)
        {
            for (var done = 0; done < data.Length;)
            {
                done += Libc.Check((int)Libc.pwrite(_fd, start + done, data.Length - done, (nint)(position + done)), "pwrite", Path);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _fd.Dispose();
}

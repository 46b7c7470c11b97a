using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Files;

/// <summary>
/// A file of the host's own that grows at its end, whose content can be made durable. Used by one thread at a time. One that is opened for
/// direct writes is written past the page cache where its file system can do that; then each append begins at a unit of the device, zeros lie between
/// it and the one before, and nothing that is durable is ever written again.
/// </summary>
public sealed class AppendFile : IDisposable
{
    private const uint Mode = 0x180; // 0600
    private const int RoomStep = 256 * 1024;
    private const int Block = 4096;
    private const int PieceSize = 64 * 1024;
    private static readonly byte[] Zeros = new byte[RoomStep];

    private readonly FileDescriptor _fd;
    private DirectWriter? _direct;

    // The file's end, with the zeros that were written ahead.
    private long _end;

    private AppendFile(FileDescriptor fd, DirectWriter? direct, string path, long length)
    {
        _fd = fd;
        _direct = direct;
        Path = path;
        _end = length;
        Resume(length);
    }

    /// <summary>The file.</summary>
    public string Path { get; private set; }

    /// <summary>Where its content ends: the next append is there.</summary>
    public long Length { get; private set; }

    /// <summary>Whether it has what may not be on the disk.</summary>
    public bool IsUnflushed { get; private set; } = true;

    /// <summary>Whether it is written past the page cache.</summary>
    public bool IsDirect => _direct is not null;

    /// <summary>Whether so little room is left behind the content that it is time to make some (<see cref="MakeRoom()"/>).</summary>
    public bool IsShortOfRoom => _end - Length < RoomStep / 2;

    /// <summary>Opens or makes it, with mode 0600; a symbolic link there is refused.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isDirect">Write it past the page cache, where that is possible.</param>
    /// <exception cref="LinuxException">It cannot be opened.</exception>
    public static AppendFile Open(string path, bool isDirect = false)
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
            return new(fd, isDirect ? DirectWriter.TryOpen(fd) : null, path, (long)status.Size);
        }
        catch
        {
            fd.Dispose();
            throw;
        }
    }

    /// <summary>Writes all of it, or throws; then a part may be at the end, which <see cref="Truncate"/> takes away.</summary>
    /// <param name="data">What.</param>
    /// <param name="isDurable">
    /// Waits until it is on the disk, with all that was written before; much of it in pieces, so that others of this disk need not wait for all.
    /// </param>
    public void Append(ReadOnlySpan<byte> data, bool isDurable = false)
    {
        var isSynchronous = isDurable && !IsUnflushed;
        IsUnflushed |= !data.IsEmpty && !isSynchronous;
        if (_direct is null && isSynchronous)
        {
            AppendInPieces(data);
        }
        else
        {
            Write(data, Length, isSynchronous);
            MoveEnd(data.Length);
        }

        if (isDurable && IsUnflushed)
        {
            Flush();
        }
    }

    /// <summary>
    /// Writes zeros behind the content, durably, until there is room for so much more: what is then appended changes neither the file's size nor its
    /// blocks, and a durable append has less to write. <see cref="Truncate"/> takes them away.
    /// </summary>
    public void MakeRoom(int length)
    {
        var before = _end;
        while (Length + length > _end)
        {
            Write(Zeros, _end, isDurable: false);
            _end += RoomStep;
        }

        if (_end > before)
        {
            Flush();
        }
    }

    /// <summary>Makes room where <see cref="IsShortOfRoom"/>.</summary>
    public void MakeRoom() => MakeRoom(RoomStep / 2);

    /// <summary>Waits until the content is on the disk (fdatasync(2)).</summary>
    public void Flush()
    {
        _ = Libc.Check(Libc.fdatasync(_fd), "fdatasync", Path);
        IsUnflushed = false;
    }

    /// <summary>Takes it that the content ends here, and that only zeros are behind it: room.</summary>
    public void Resume(long length)
    {
        Length = length;
        MoveEnd(0);
    }

    /// <summary>Cuts it off at a length.</summary>
    public void Truncate(long length)
    {
        _ = Libc.Check(Libc.ftruncate(_fd, (nint)length), "ftruncate", Path);
        IsUnflushed = true;
        _end = length;
        Resume(length);
    }

    /// <summary>Takes away the room; no block that has content is written for that.</summary>
    public void CutRoom()
    {
        var length = _direct is null ? Length : (Length + Block - 1) & -Block;
        if (length < _end)
        {
            _ = Libc.Check(Libc.ftruncate(_fd, (nint)length), "ftruncate", Path);
            IsUnflushed = true;
            _end = length;
        }
    }

    /// <summary>Gives it another name, in place of what has that name, durably.</summary>
    public void MoveTo(string path)
    {
        _ = Libc.Check(Libc.rename(Path, path), "rename", Path);
        Path = path;
        using var directory = Libc.Check(
            Libc.open(System.IO.Path.GetDirectoryName(path)!, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0), "open", path);
        _ = Libc.Check(Libc.fsync(directory), "fsync", path);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _direct?.Dispose();
        _fd.Dispose();
    }

    /// <summary>Where the next append begins: with direct writes at a unit of its own.</summary>
    private void MoveEnd(int written)
    {
        Length += written;
        if (_direct is { Unit: var unit })
        {
            Length = (Length + unit - 1) & -(long)unit;
            _end &= -(long)unit;
        }

        _end = Math.Max(_end, Length);
    }

    private void AppendInPieces(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            var piece = data[..Math.Min(data.Length, PieceSize)];
            WriteCached(piece, Length);
            MoveEnd(piece.Length);
            Flush();
            data = data[piece.Length..];
        }
    }

    private void Write(ReadOnlySpan<byte> data, long position, bool isDurable)
    {
        if (_direct is not null)
        {
            try
            {
                _direct.Write(data, position, isDurable, Path);
                return;
            }
            catch (LinuxException e) when (e.Errno is Errno.EINVAL or Errno.EOPNOTSUPP)
            {
                // The file system takes it at open(2), and not at write(2).
                _direct.Dispose();
                _direct = null;
                IsUnflushed = true;
            }
        }

        WriteCached(data, position);
    }

    private unsafe void WriteCached(ReadOnlySpan<byte> data, long position)
    {
        fixed (byte* start = data)
        {
            for (var done = 0; done < data.Length;)
            {
                done += Libc.Check((int)Libc.pwrite(_fd, start + done, data.Length - done, (nint)(position + done)), "pwrite", Path);
            }
        }
    }
}

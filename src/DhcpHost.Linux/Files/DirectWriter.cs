using System.Runtime.InteropServices;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Files;

/// <summary>Writes to a file past the page cache, in whole units of the device.</summary>
internal sealed unsafe class DirectWriter : IDisposable
{
    private const int Capacity = 64 * 1024;
    private const int MaxUnit = 4096;

    private readonly FileDescriptor _fd;
    private readonly byte* _buffer;
    private bool _isDisposed;

    private DirectWriter(FileDescriptor fd, int unit)
    {
        _fd = fd;
        Unit = unit;

        // A page's bounds are good enough for any device.
        _buffer = (byte*)NativeMemory.AlignedAlloc(Capacity, (nuint)Environment.SystemPageSize);
    }

    /// <summary>What a file is written in: a device's logical block, of which it promises that another one's write leaves it as it is.</summary>
    public int Unit { get; }

    /// <summary>A second descriptor for an open file; <c>null</c> where it cannot be written so.</summary>
    public static DirectWriter? TryOpen(FileDescriptor file)
    {
        var unit = FileStatus.FindDirectUnit(file);
        if (unit is <= 0 or > MaxUnit || !int.IsPow2(unit))
        {
            return null;
        }

        // By its number: what has the name may be another file.
        var fd = Libc.open($"/proc/self/fd/{file.Number}", Libc.O_WRONLY | Libc.O_DIRECT | Libc.O_CLOEXEC, 0);
        if (fd.IsInvalid)
        {
            fd.Dispose();
            return null;
        }

        return new(fd, unit);
    }

    /// <summary>Writes all of it, with zeros up to the next unit's beginning.</summary>
    /// <param name="data">What.</param>
    /// <param name="position">Where to: a unit's beginning.</param>
    /// <param name="isDurable">Each piece is on the disk before the next is written (<c>RWF_DSYNC</c>), and the last one when this returns.</param>
    /// <param name="path">For messages.</param>
    public void Write(ReadOnlySpan<byte> data, long position, bool isDurable, string path)
    {
        while (!data.IsEmpty)
        {
            var length = Math.Min(data.Length, Capacity);
            var padded = (length + Unit - 1) & -Unit;
            data[..length].CopyTo(new(_buffer, Capacity));
            new Span<byte>(_buffer + length, padded - length).Clear();
            WriteBuffer(padded, position, isDurable ? Libc.RWF_DSYNC : 0, path);
            data = data[length..];
            position += padded;
        }
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _fd.Dispose();
            NativeMemory.AlignedFree(_buffer);
        }
    }

    private void WriteBuffer(int length, long position, int flags, string path)
    {
        for (var done = 0; done < length;)
        {
            var vector = new MessageHeader.IoVector { Base = _buffer + done, Length = length - done };
            var count = (int)Libc.pwritev2(_fd, &vector, 1, (nint)(position + done), flags);
            if (count < 0 && Libc.LastErrno == Errno.EINTR)
            {
                continue;
            }

            // What was written only in part goes on at a unit's beginning.
            count = Libc.Check(count, "pwritev2", path) & -Unit;
            done += count > 0 ? count : throw new LinuxException(Errno.EIO, $"pwritev2 {path}", "less than a unit was written");
        }
    }
}

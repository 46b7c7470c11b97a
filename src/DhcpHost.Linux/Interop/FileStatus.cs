using System.Runtime.InteropServices;

namespace DhcpHost.Linux.Interop;

/// <summary>What statx(2) says of a file; its layout is the same on every architecture, unlike stat's.</summary>
internal readonly record struct FileStatus(
    uint Mode, uint Owner, uint Group, ulong Inode, uint DeviceMajor, uint DeviceMinor, ulong Size, DateTimeOffset ModifiedAt)
{
    private const int BufferSize = 256;
    private const uint TypeMask = 0xF000;

    internal bool IsDirectory => (Mode & TypeMask) == 0x4000;

    internal bool IsRegularFile => (Mode & TypeMask) == 0x8000;

    internal bool IsSymbolicLink => (Mode & TypeMask) == 0xA000;

    internal bool IsSocket => (Mode & TypeMask) == 0xC000;

    internal UnixFileMode Permissions => (UnixFileMode)(Mode & 0xFFF);

    /// <summary>The file behind a descriptor.</summary>
    internal static unsafe FileStatus Of(FileDescriptor fd, string pathForMessage)
    {
        var buffer = stackalloc byte[BufferSize];
        _ = Libc.Check(Libc.fstatx(fd, "", Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, buffer), "statx", pathForMessage);
        return Parse(new ReadOnlySpan<byte>(buffer, BufferSize));
    }

    /// <summary>
    /// The unit in which a file is written past the page cache, in its offsets and lengths: the device's logical block. 0 where the file system cannot do
    /// that, or the kernel (before 6.1) does not tell.
    /// </summary>
    internal static unsafe int FindDirectUnit(FileDescriptor fd)
    {
        var buffer = stackalloc byte[BufferSize];
        return Libc.fstatx(fd, "", Libc.AT_EMPTY_PATH, Libc.STATX_DIOALIGN, buffer) == 0 && (*(uint*)buffer & Libc.STATX_DIOALIGN) != 0
            ? (int)*(uint*)(buffer + 156)
            : 0;
    }

    /// <summary>The file at a path; null if there is none.</summary>
    /// <param name="path">The path.</param>
    /// <param name="followsLinks">Whether it is the file behind a symbolic link at the path's end, and not the link.</param>
    internal static unsafe FileStatus? At(string path, bool followsLinks = false)
    {
        var buffer = stackalloc byte[BufferSize];
        if (Libc.statx(Libc.AT_FDCWD, path, followsLinks ? 0 : Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, buffer) == 0)
        {
            return Parse(new ReadOnlySpan<byte>(buffer, BufferSize));
        }
        return Libc.LastErrno is Errno.ENOENT ? null : throw new LinuxException(Libc.LastErrno, $"statx {path}");
    }

    private static FileStatus Parse(ReadOnlySpan<byte> b) => new(
        Mode: MemoryMarshal.Read<ushort>(b[28..]),
        Owner: MemoryMarshal.Read<uint>(b[20..]),
        Group: MemoryMarshal.Read<uint>(b[24..]),
        Inode: MemoryMarshal.Read<ulong>(b[32..]),
        DeviceMajor: MemoryMarshal.Read<uint>(b[136..]),
        DeviceMinor: MemoryMarshal.Read<uint>(b[140..]),
        Size: MemoryMarshal.Read<ulong>(b[40..]),
        ModifiedAt: Time(MemoryMarshal.Read<long>(b[112..]), MemoryMarshal.Read<uint>(b[120..])));

    // A file system may hold any number; what no calendar holds is as good as long ago.
    private static DateTimeOffset Time(long seconds, uint nanoseconds) =>
        seconds is >= 0 and < 253_402_300_799 ? DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanoseconds / 100) : DateTimeOffset.UnixEpoch;
}

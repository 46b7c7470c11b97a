using System.Runtime.InteropServices;

namespace DhcpHost.Linux.Interop;

/// <summary>The C library's functions that this layer calls, by their own names; see the manual page of each.</summary>
internal static partial class Libc
{
    private const string Library = "libc";

    internal static Errno LastErrno => (Errno)Marshal.GetLastPInvokeError();

    /// <summary>Throws for a result of -1, with what was tried.</summary>
    internal static int Check(int result, string operation) =>
        result >= 0 ? result : throw new LinuxException(LastErrno, operation);

    /// <summary>Throws for a result of -1, with what was tried and on what.</summary>
    internal static int Check(int result, string call, string target) =>
        result >= 0 ? result : throw new LinuxException(LastErrno, $"{call} {target}");

    /// <summary>Throws for an invalid descriptor, with what was tried and on what.</summary>
    internal static FileDescriptor Check(FileDescriptor fd, string call, string target)
    {
        if (!fd.IsInvalid)
        {
            return fd;
        }
        var errno = LastErrno;
        fd.Dispose();
        throw new LinuxException(errno, $"{call} {target}");
    }

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int close(int fd);

    [LibraryImport(Library, SetLastError = true)]
    internal static unsafe partial nint read(FileDescriptor fd, byte* buffer, nint count);

    [LibraryImport(Library, SetLastError = true)]
    internal static unsafe partial nint write(FileDescriptor fd, byte* buffer, nint count);

    [LibraryImport(Library, SetLastError = true)]
    internal static unsafe partial nint pwrite(FileDescriptor fd, byte* buffer, nint count, nint offset);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial FileDescriptor eventfd(uint initial, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int ioctl(FileDescriptor fd, nuint request, nint argument);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int fcntl(FileDescriptor fd, int command, nint argument);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial FileDescriptor epoll_create1(int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static unsafe partial int epoll_ctl(FileDescriptor epoll, int operation, FileDescriptor fd, byte* epollEvent);

    [LibraryImport(Library, SetLastError = true)]
    internal static unsafe partial int epoll_wait(FileDescriptor epoll, byte* events, int maxEvents, int timeout);

    [LibraryImport(Library, SetLastError = true)]
    internal static unsafe partial int pipe2(int* fds, int flags);

    internal const int O_CLOEXEC = 0x80000;
    internal const int F_DUPFD_CLOEXEC = 1030;
    internal const int EFD_CLOEXEC = 0x80000;
    internal const int EFD_NONBLOCK = 0x800;
    internal const int EPOLL_CLOEXEC = 0x80000;
    internal const int EPOLL_CTL_ADD = 1;
    internal const int EPOLL_CTL_DEL = 2;
    internal const uint EPOLLIN = 1;
}

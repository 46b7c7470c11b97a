using System.Runtime.InteropServices;

namespace DhcpHost.Linux.Interop;

internal static partial class Libc
{
    [LibraryImport(Library, SetLastError = true)]
    internal static partial int setns(FileDescriptor fd, int type);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int unshare(int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int gettid();

    [LibraryImport(Library, SetLastError = true)]
    internal static partial FileDescriptor socket(int family, int type, int protocol);

    [LibraryImport(Library, SetLastError = true)]
    internal static unsafe partial int bind(FileDescriptor fd, byte* address, uint length);

    [LibraryImport(Library, SetLastError = true)]
    internal static partial int listen(FileDescriptor fd, int backlog);

    [LibraryImport(Library, SetLastError = true)]
    internal static unsafe partial int setsockopt(FileDescriptor fd, int level, int option, byte* value, uint length);

    [LibraryImport(Library, SetLastError = true)]
    internal static unsafe partial nint send(FileDescriptor fd, byte* buffer, nint length, int flags);

    [LibraryImport(Library, SetLastError = true)]
    internal static unsafe partial nint recv(FileDescriptor fd, byte* buffer, nint length, int flags);

    internal const int CLONE_NEWNET = 0x40000000;
    internal const int AF_INET = 2;
    internal const int AF_INET6 = 10;
    internal const int AF_NETLINK = 16;
    internal const int SOCK_DGRAM = 2;
    internal const int SOCK_RAW = 3;
    internal const int SOCK_CLOEXEC = 0x80000;
    internal const int SOCK_NONBLOCK = 0x800;
    internal const int SOL_SOCKET = 1;
    internal const int SO_REUSEADDR = 2;
    internal const int SO_BROADCAST = 6;
    internal const int SO_REUSEPORT = 15;
    internal const int SO_RCVTIMEO = 20;
    internal const int SO_BINDTODEVICE = 25;
    internal const int SO_RCVBUFFORCE = 33;
    internal const int IPPROTO_IP = 0;
    internal const int IP_FREEBIND = 15;
    internal const int IP_PKTINFO = 8;
    internal const int IPPROTO_IPV6 = 41;
    internal const int IPV6_V6ONLY = 26;
    internal const int IPV6_RECVPKTINFO = 49;
    internal const int MSG_TRUNC = 0x20;
}

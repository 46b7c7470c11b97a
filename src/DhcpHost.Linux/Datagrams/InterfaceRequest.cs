using System.Text;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Datagrams;

/// <summary><c>struct ifreq</c> and what is asked with it (netdevice(7)), in the namespace of a socket.</summary>
internal static class InterfaceRequest
{
    private const int Size = 40;
    private const int NameLength = 16;
    private const int HardwareOffset = NameLength + sizeof(ushort);

    internal static unsafe int? FindIndex(FileDescriptor fd, string link)
    {
        var request = stackalloc byte[Size];
        return TryName(request, link) && Libc.ioctl(fd, Libc.SIOCGIFINDEX, (nint)request) == 0 ? *(int*)(request + NameLength) : null;
    }

    internal static unsafe bool HasIndex(FileDescriptor fd, int index)
    {
        var request = stackalloc byte[Size];
        new Span<byte>(request, Size).Clear();
        *(int*)(request + NameLength) = index;
        return Libc.ioctl(fd, Libc.SIOCGIFNAME, (nint)request) == 0;
    }

    internal static unsafe MacAddress GetHardwareAddress(FileDescriptor fd, string link)
    {
        var request = stackalloc byte[Size];
        _ = TryName(request, link);
        _ = Libc.Check(Libc.ioctl(fd, Libc.SIOCGIFHWADDR, (nint)request), "get hardware address", link);
        return new(new ReadOnlySpan<byte>(request + HardwareOffset, 6));
    }

    private static unsafe bool TryName(byte* request, string link)
    {
        var span = new Span<byte>(request, Size);
        span.Clear();
        return Encoding.UTF8.GetByteCount(link) < NameLength && Encoding.UTF8.GetBytes(link, span) > 0;
    }
}

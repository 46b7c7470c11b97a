using System.Runtime.InteropServices;
using System.Text;
using DhcpHost.Linux.Interop;

namespace DhcpHost.Linux.Netlink;

/// <summary>
/// Whether a link computes the checksums of what is sent through it (linux/ethtool.h, ETHTOOL_GTXCSUM and ETHTOOL_STXCSUM). A veth says that it
/// does and leaves them out: right between two kernels, wrong for a client that reads packets itself, as DHCP clients do.
/// </summary>
public static class ChecksumOffload
{
    private const nuint SIOCETHTOOL = 0x8946;
    private const uint ETHTOOL_GTXCSUM = 0x16;
    private const uint ETHTOOL_STXCSUM = 0x17;
    private const int MaxNameLength = 15;

    /// <summary>Whether the kernel leaves checksums to the link.</summary>
    /// <param name="netlink">Of the link's namespace.</param>
    /// <param name="device">The link.</param>
    public static bool IsOn(RouteNetlink netlink, string device) => Call(netlink, device, ETHTOOL_GTXCSUM, 0) is { Data: not 0, Errno: Errno.None };

    /// <summary>Makes the kernel compute them. A link that cannot be told has no such hardware: the kernel computes them already.</summary>
    /// <param name="netlink">Of the link's namespace.</param>
    /// <param name="device">The link.</param>
    /// <exception cref="LinuxException">ENODEV: there is no such link.</exception>
    public static void Disable(RouteNetlink netlink, string device)
    {
        if (Call(netlink, device, ETHTOOL_STXCSUM, 0).Errno is not (Errno.None or Errno.EOPNOTSUPP) and var errno)
        {
            throw new LinuxException(errno, $"switch the checksum offload of {device} off");
        }
    }

    // Any socket will do: the kernel asks it for no more than its namespace (dev_ioctl).
    private static unsafe (uint Data, Errno Errno) Call(RouteNetlink netlink, string device, uint command, uint data)
    {
        ArgumentNullException.ThrowIfNull(netlink);
        var request = new Request(device);
        var value = stackalloc uint[2] { command, data };
        request.Value = (nint)value;
        return Libc.ioctl(netlink.Fd, SIOCETHTOOL, (nint)(&request)) == 0 ? (value[1], Errno.None) : (0, Libc.LastErrno);
    }

    // struct ifreq of linux/if.h: a name of 16 bytes and a union of 24.
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Request
    {
        public fixed byte Name[MaxNameLength + 1];
        public nint Value;
        private fixed byte _rest[16];

        public Request(string device)
        {
            var name = Encoding.UTF8.GetBytes(device);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, MaxNameLength, nameof(device));
            for (var i = 0; i < name.Length; i++)
            {
                Name[i] = name[i];
            }
        }
    }
}

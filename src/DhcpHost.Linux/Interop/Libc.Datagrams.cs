using System.Runtime.InteropServices;

namespace DhcpHost.Linux.Interop;

internal static partial class Libc
{
    [LibraryImport(Library, SetLastError = true)]
    internal static unsafe partial int recvmmsg(FileDescriptor fd, MessageHeader* messages, uint count, int flags, nint timeout);

    [LibraryImport(Library, SetLastError = true)]
    internal static unsafe partial int sendmmsg(FileDescriptor fd, MessageHeader* messages, uint count, int flags);

    internal const int AF_PACKET = 17;
    internal const int SO_ATTACH_FILTER = 26;
    internal const int IPPROTO_ICMP = 1;
    internal const int IPPROTO_ICMPV6 = 58;
    internal const int SOL_RAW = 255;
    internal const int ICMP_FILTER = 1;
    internal const int IPV6_MULTICAST_IF = 17;
    internal const int IPV6_UNICAST_HOPS = 16;
    internal const int IPV6_MULTICAST_HOPS = 18;
    internal const int IPV6_MULTICAST_LOOP = 19;
    internal const int IPV6_JOIN_GROUP = 20;
    internal const int IPV6_PKTINFO = 50;
    internal const int IPV6_RECVHOPLIMIT = 51;
    internal const int IPV6_HOPLIMIT = 52;
    internal const int ICMP6_FILTER = 1;
    internal const int ETH_P_IP = 0x0800;
    internal const int ETH_P_ARP = 0x0806;
    internal const int ETH_P_IPV6 = 0x86DD;
    internal const byte PACKET_MULTICAST = 2;
    internal const int NETLINK_ROUTE = 0;
    internal const uint RTMGRP_LINK = 1;
    internal const int MSG_DONTWAIT = 0x40;
    internal const int MSG_NOSIGNAL = 0x4000;
    internal const nuint SIOCGIFNAME = 0x8910;
    internal const nuint SIOCGIFHWADDR = 0x8927;
    internal const nuint SIOCGIFINDEX = 0x8933;
    internal const nuint SIOCGIFMTU = 0x8921;
}

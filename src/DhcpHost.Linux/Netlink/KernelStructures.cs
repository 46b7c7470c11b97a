using System.Runtime.InteropServices;

namespace DhcpHost.Linux.Netlink;

/// <summary>struct ifinfomsg, the head of link messages (rtnetlink(7)).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinkHeader
{
    internal byte Family;
    internal byte Padding;
    internal ushort DeviceType;
    internal int Index;
    internal uint Flags;
    internal uint ChangeMask;
}

/// <summary>struct ifaddrmsg, the head of address messages.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AddressHeader
{
    internal byte Family;
    internal byte PrefixLength;
    internal byte Flags;
    internal byte Scope;
    internal int LinkIndex;
}

/// <summary>struct rtmsg, the head of route messages.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RouteHeader
{
    internal byte Family;
    internal byte DestinationLength;
    internal byte SourceLength;
    internal byte Tos;
    internal byte Table;
    internal byte Protocol;
    internal byte Scope;
    internal byte Type;
    internal uint Flags;
}

using System.Text;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;

namespace DhcpHost.Linux.Datagrams;

/// <summary>Opens sockets for a <see cref="DatagramLoop"/> inside namespaces.</summary>
/// <param name="broker">Whose threads enter namespaces; stays the caller's.</param>
public sealed class DatagramSockets(NetnsBroker broker)
{
    private const int AddressSizeIPv4 = 16;
    private const int AddressSizeIPv6 = 28;
    private const int AddressSizeLink = 20;
    private const int Icmp6FilterSize = 32;

    /// <summary>Opens all of them or none.</summary>
    /// <exception cref="LinuxException">ENODEV: no such link. EADDRINUSE: another has the port.</exception>
    public Task<DatagramLink> OpenAsync(NetworkNamespace ns, string link, IReadOnlyList<DatagramSocketSpec> specs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(specs);
        return broker.RunAsync(ns, () => Open(link, specs), cancellationToken);
    }

    private static DatagramLink Open(string link, IReadOnlyList<DatagramSocketSpec> specs)
    {
        var sockets = new DatagramSocket[specs.Count];
        using var probe = Libc.Check(Libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0), "socket", link);
        var index = InterfaceRequest.FindIndex(probe, link) ?? throw new LinuxException(Errno.ENODEV, $"find link {link}");
        var mac = InterfaceRequest.GetHardwareAddress(probe, link);
        var opened = 0;
        try
        {
            for (; opened < sockets.Length; opened++)
            {
                sockets[opened] = new(Open(link, index, specs[opened]), specs[opened].Kind, index);
            }

            return new(index, mac, sockets);
        }
        finally
        {
            for (var i = 0; opened < sockets.Length && i < opened; i++)
            {
                sockets[i].Dispose();
            }
        }
    }

    private static FileDescriptor Open(string link, int index, DatagramSocketSpec spec)
    {
        var (family, type, protocol) = spec.Kind switch
        {
            DatagramKind.Udp4 => (Libc.AF_INET, Libc.SOCK_DGRAM, 0),
            DatagramKind.Udp6 => (Libc.AF_INET6, Libc.SOCK_DGRAM, 0),
            DatagramKind.Icmp4 => (Libc.AF_INET, Libc.SOCK_RAW, Libc.IPPROTO_ICMP),
            DatagramKind.Icmp6 => (Libc.AF_INET6, Libc.SOCK_RAW, Libc.IPPROTO_ICMPV6),
            DatagramKind.LinkEvents => (Libc.AF_NETLINK, Libc.SOCK_RAW, Libc.NETLINK_ROUTE),

            // Without a protocol until it is bound, so that it receives nothing of other links in between.
            _ => (Libc.AF_PACKET, Libc.SOCK_DGRAM, 0),
        };
        var what = $"{spec.Kind} {spec.Port} on {link}";
        var fd = Libc.Check(Libc.socket(family, type | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, protocol), "socket", what);
        try
        {
            Prepare(fd, link, index, spec, what);
            return fd;
        }
        catch
        {
            fd.Dispose();
            throw;
        }
    }

    private static unsafe void Prepare(FileDescriptor fd, string link, int index, DatagramSocketSpec spec, string what)
    {
        var address = stackalloc byte[AddressSizeIPv6];
        new Span<byte>(address, AddressSizeIPv6).Clear();
        switch (spec.Kind)
        {
            case DatagramKind.Udp4:
                BindToLink();
                Set(Libc.SOL_SOCKET, Libc.SO_BROADCAST, 1);
                Set(Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, spec.ReceiveBuffer);
                Set(Libc.IPPROTO_IP, Libc.IP_PKTINFO, 1);
                *(ushort*)address = Libc.AF_INET;
                WritePort();
                Bind(AddressSizeIPv4);
                break;
            case DatagramKind.Udp6:
                BindToLink();
                Set(Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, spec.ReceiveBuffer);
                Set(Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, 1);
                Set(Libc.IPPROTO_IPV6, Libc.IPV6_RECVPKTINFO, 1);
                Set(Libc.IPPROTO_IPV6, Libc.IPV6_MULTICAST_IF, index);
                JoinGroups();
                *(ushort*)address = Libc.AF_INET6;
                WritePort();
                Bind(AddressSizeIPv6);
                break;
            case DatagramKind.Icmp4:
                BindToLink();

                // raw(7): a set bit keeps a type out; echo replies have 0.
                Set(Libc.SOL_RAW, Libc.ICMP_FILTER, ~1);
                break;
            case DatagramKind.Icmp6:
                BindToLink();
                FilterIcmp6();
                Set(Libc.IPPROTO_IPV6, Libc.IPV6_RECVPKTINFO, 1);
                Set(Libc.IPPROTO_IPV6, Libc.IPV6_RECVHOPLIMIT, 1);
                Set(Libc.IPPROTO_IPV6, Libc.IPV6_MULTICAST_IF, index);
                Set(Libc.IPPROTO_IPV6, Libc.IPV6_MULTICAST_HOPS, byte.MaxValue);
                Set(Libc.IPPROTO_IPV6, Libc.IPV6_UNICAST_HOPS, byte.MaxValue);
                Set(Libc.IPPROTO_IPV6, Libc.IPV6_MULTICAST_LOOP, 0);
                JoinGroups();
                break;
            case DatagramKind.LinkEvents:
                *(ushort*)address = Libc.AF_NETLINK;
                *(uint*)(address + 8) = Libc.RTMGRP_LINK;
                Bind(12);
                break;
            case DatagramKind.Frame6:
                FilterUdp6();
                Set(Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, spec.ReceiveBuffer);
                BindPacket(Libc.ETH_P_IPV6);
                break;
            case DatagramKind.Arp:
                BindPacket(Libc.ETH_P_ARP);
                break;
            default:
                break;
        }

        void Set(int level, int option, int value) =>
            _ = Libc.Check(Libc.setsockopt(fd, level, option, (byte*)&value, sizeof(int)), "setsockopt", $"{option} of {what}");

        void WritePort()
        {
            address[2] = (byte)(spec.Port >> 8);
            address[3] = (byte)spec.Port;
        }

        void Bind(int length) => _ = Libc.Check(Libc.bind(fd, address, (uint)length), "bind", what);

        void BindPacket(int protocol)
        {
            *(ushort*)address = Libc.AF_PACKET;
            address[3] = (byte)protocol;
            address[2] = (byte)(protocol >> 8);
            *(int*)(address + 4) = index;
            Bind(AddressSizeLink);
        }

        void BindToLink()
        {
            fixed (byte* name = Encoding.UTF8.GetBytes(link + '\0'))
            {
                _ = Libc.Check(Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_BINDTODEVICE, name, (uint)link.Length + 1), "bind to device", what);
            }
        }

        void JoinGroups()
        {
            var request = stackalloc byte[20];
            foreach (var group in spec.Groups)
            {
                _ = group.TryWriteBytes(new Span<byte>(request, 16), out _);
                *(int*)(request + 16) = index;
                _ = Libc.Check(Libc.setsockopt(fd, Libc.IPPROTO_IPV6, Libc.IPV6_JOIN_GROUP, request, 20), "join group", $"{group} for {what}");
            }
        }

        void FilterUdp6()
        {
            // Classic BPF (Documentation/networking/filter.rst): code, jump if true, jump if false, operand. Next header 17, destination port.
            var program = stackalloc ulong[]
            {
                Instruction(0x30, 0, 0, 6),
                Instruction(0x15, 0, 3, 17),
                Instruction(0x28, 0, 0, 42),
                Instruction(0x15, 0, 1, spec.Port),
                Instruction(0x06, 0, 0, ushort.MaxValue),
                Instruction(0x06, 0, 0, 0),
            };
            var filter = stackalloc nint[] { 6, (nint)program };
            _ = Libc.Check(Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_ATTACH_FILTER, (byte*)filter, (uint)(2 * sizeof(nint))), "filter UDP", what);

            static ulong Instruction(ushort code, byte ifTrue, byte ifFalse, uint operand) =>
                code | ((ulong)ifTrue << 16) | ((ulong)ifFalse << 24) | ((ulong)operand << 32);
        }

        void FilterIcmp6()
        {
            // A set bit keeps a type out (RFC 3542 section 3.2).
            var filter = stackalloc byte[Icmp6FilterSize];
            new Span<byte>(filter, Icmp6FilterSize).Fill(byte.MaxValue);
            foreach (var type in spec.Icmp6Types)
            {
                ((uint*)filter)[type >> 5] &= ~(1u << (type & 31));
            }

            _ = Libc.Check(Libc.setsockopt(fd, Libc.IPPROTO_ICMPV6, Libc.ICMP6_FILTER, filter, Icmp6FilterSize), "filter ICMPv6", what);
        }
    }
}

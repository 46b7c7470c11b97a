using System.Net.Sockets;
using System.Text;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;

namespace DhcpHost.Linux.Sockets;

/// <summary>
/// Makes sockets inside namespaces. They stay in theirs whoever uses them: ordinary asynchronous sockets for everybody afterwards.
/// </summary>
public sealed class NamespaceSockets
{
    private readonly NetnsBroker _broker;

    /// <summary>Whose threads make the sockets; stays the caller's.</summary>
    public NamespaceSockets(NetnsBroker broker) => _broker = broker;

    /// <summary>Makes, binds and, if asked, listens.</summary>
    /// <exception cref="LinuxException">EADDRINUSE, EADDRNOTAVAIL (an IPv6 address may be tentative still), ENODEV …</exception>
    public async Task<Socket> OpenAsync(NetworkNamespace ns, SocketSpec spec, CancellationToken cancellationToken)
    {
        var address = spec.Local.Serialize();
        var bytes = address.Buffer.Span[..address.Size].ToArray();
        var link = spec.Link is null ? null : Encoding.UTF8.GetBytes(spec.Link);
        var number = await _broker.RunAsync(ns, () => Open(spec, bytes, link), cancellationToken);
        return new Socket(new SafeSocketHandle(number, ownsHandle: true));
    }

    private static unsafe int Open(SocketSpec spec, byte[] address, byte[]? link)
    {
        var isV6 = spec.Local.AddressFamily == AddressFamily.InterNetworkV6;
        var what = $"{spec.Type} {spec.Local}";
        var type = (spec.Type == SocketType.Stream ? 1 : Libc.SOCK_DGRAM) | Libc.SOCK_CLOEXEC;
        using var fd = Libc.Check(Libc.socket(isV6 ? Libc.AF_INET6 : Libc.AF_INET, type, 0), "socket", what);
        if (isV6)
        {
            Set(Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY);
        }
        if (spec.ReuseAddress)
        {
            Set(Libc.SOL_SOCKET, Libc.SO_REUSEADDR);
        }
        if (spec.ReusePort)
        {
            Set(Libc.SOL_SOCKET, Libc.SO_REUSEPORT);
        }
        if (spec.MayBroadcast)
        {
            Set(Libc.SOL_SOCKET, Libc.SO_BROADCAST);
        }
        if (spec.FreeBind)
        {
            Set(Libc.IPPROTO_IP, Libc.IP_FREEBIND);
        }
        if (spec.PacketInformation)
        {
            Set(isV6 ? Libc.IPPROTO_IPV6 : Libc.IPPROTO_IP, isV6 ? Libc.IPV6_RECVPKTINFO : Libc.IP_PKTINFO);
        }
        fixed (byte* p = link)
        {
            if (link is not null)
            {
                _ = Libc.Check(Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_BINDTODEVICE, p, (uint)link.Length), "bind to device", spec.Link!);
            }
        }
        fixed (byte* p = address)
        {
            _ = Libc.Check(Libc.bind(fd, p, (uint)address.Length), "bind", what);
        }
        if (spec.Backlog > 0)
        {
            _ = Libc.Check(Libc.listen(fd, spec.Backlog), "listen", what);
        }
        return fd.Detach();

        void Set(int level, int option)
        {
            var one = 1;
            _ = Libc.Check(Libc.setsockopt(fd, level, option, (byte*)&one, sizeof(int)), "setsockopt", $"{what} {option}");
        }
    }
}

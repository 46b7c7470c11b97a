using System.Net;
using System.Net.Sockets;

namespace DhcpHost.Linux.Sockets;

/// <summary>A socket to make inside a namespace.</summary>
/// <param name="Type">Datagrams (UDP) or a stream (TCP).</param>
/// <param name="Local">Where it is bound; its family is the socket's.</param>
public sealed record SocketSpec(SocketType Type, IPEndPoint Local)
{
    /// <summary>Only through this link (SO_BINDTODEVICE); null is any.</summary>
    public string? Link { get; init; }

    /// <summary>May send to 255.255.255.255.</summary>
    public bool MayBroadcast { get; init; }

    /// <summary>Binds beside another socket of the same address (SO_REUSEADDR).</summary>
    public bool ReuseAddress { get; init; }

    /// <summary>
    /// Binds beside another process' socket of the same address and account that did so, too (SO_REUSEPORT): the kernel shares connections out.
    /// </summary>
    public bool ReusePort { get; init; }

    /// <summary>Binds to an address that is not there yet, or still tentative (IP_FREEBIND).</summary>
    public bool FreeBind { get; init; }

    /// <summary>Tells with each datagram the link that it came by (IP_PKTINFO, IPV6_RECVPKTINFO).</summary>
    public bool PacketInformation { get; init; }

    /// <summary>Listens, with this many connections waiting at most; 0 does not listen.</summary>
    public int Backlog { get; init; }
}

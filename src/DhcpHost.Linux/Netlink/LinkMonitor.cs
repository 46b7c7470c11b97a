using System.Threading.Channels;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;
using static DhcpHost.Linux.Netlink.NetlinkConstants;

namespace DhcpHost.Linux.Netlink;

/// <summary>
/// Changes of links and addresses of one namespace, as the kernel announces them (rtnetlink(7), multicast groups). A hint to look, never
/// an instruction. Keeps the namespace alive until it is disposed.
/// </summary>
public sealed class LinkMonitor : IDisposable
{
    private const int DefaultCapacity = 1024;
    private const int KernelBuffer = 1024 * 1024;
    private const int ReceiveBuffer = 32 * 1024;

    private readonly EpollLoop _loop;
    private readonly NetlinkSocket _socket;
    private readonly EventQueue<LinkEvent> _queue;
    private readonly byte[] _buffer = new byte[ReceiveBuffer];
    private readonly Lock _lock = new();
    private readonly ulong _token;
    private bool _isDisposed;

    private LinkMonitor(EpollLoop loop, NetlinkSocket socket, int capacity)
    {
        _loop = loop;
        _socket = socket;
        _queue = new EventQueue<LinkEvent>(capacity, new LinkEvent(LinkEventKind.Lost));
        lock (_lock)
        {
            _token = loop.Add(socket.Fd, Receive);
        }
    }

    /// <summary>
    /// What happened, oldest first; ends with Dispose. Where the reader is too slow, one <see cref="LinkEventKind.Lost"/> stands for the
    /// rest.
    /// </summary>
    public ChannelReader<LinkEvent> Events => _queue.Reader;

    /// <summary>Listens in the namespace of the calling thread, which is the host's own everywhere but in a broker's work.</summary>
    public static LinkMonitor Open(EpollLoop loop, int capacity = DefaultCapacity) => Wrap(loop, OpenSocket(), capacity);

    /// <summary>Listens in a namespace.</summary>
    public static async Task<LinkMonitor> OpenAsync(
        EpollLoop loop, NetnsBroker broker, NetworkNamespace ns, CancellationToken cancellationToken, int capacity = DefaultCapacity) =>
        Wrap(loop, await broker.RunAsync(ns, OpenSocket, cancellationToken), capacity);

    /// <summary>Stops listening and ends the stream.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }
            _isDisposed = true;
            _loop.Remove(_socket.Fd, _token);
            _socket.Dispose();
            _queue.Complete();
        }
    }

    private static NetlinkSocket OpenSocket() =>
        NetlinkSocket.OpenForEvents(KernelBuffer, RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_NSID);

    private static LinkMonitor Wrap(EpollLoop loop, NetlinkSocket socket, int capacity)
    {
        try
        {
            return new LinkMonitor(loop, socket, capacity);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Receive()
    {
        lock (_lock)
        {
            while (!_isDisposed)
            {
                var length = _socket.TryReceive(_buffer, out var errno);
                if (length < 0 && errno is not Errno.ENOBUFS)
                {
                    return;
                }
                if (length < 0 || length > _buffer.Length)
                {
                    _queue.ReportLoss();
                    continue;
                }
                foreach (var message in new NetlinkMessages(_buffer.AsSpan(0, length)))
                {
                    if (Parse(message.Type, message.Body) is { } change)
                    {
                        _queue.Add(change);
                    }
                }
            }
        }
    }

    private static LinkEvent? Parse(ushort type, ReadOnlySpan<byte> body) => type switch
    {
        RTM_NEWLINK => new LinkEvent(LinkEventKind.LinkChanged, Link.Parse(body)),
        // A bridge announces the loss of a port as the deletion of a link of family AF_BRIDGE: the link itself is still there.
        RTM_DELLINK when body is [0, ..] => new LinkEvent(LinkEventKind.LinkRemoved, Link.Parse(body)),
        RTM_NEWADDR => new LinkEvent(LinkEventKind.AddressChanged, Address: LinkAddress.Parse(body)),
        RTM_DELADDR => new LinkEvent(LinkEventKind.AddressRemoved, Address: LinkAddress.Parse(body)),
        RTM_DELNSID => new LinkEvent(LinkEventKind.NamespaceRemoved),
        _ => null,
    };
}

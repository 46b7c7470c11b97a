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
    private readonly TimeSpan _rest;
    private readonly ITimer? _timer;
    private ulong _token;
    private bool _isDisposed;

    private LinkMonitor(EpollLoop loop, NetlinkSocket socket, int capacity, TimeSpan rest, TimeProvider timeProvider)
    {
        _loop = loop;
        _socket = socket;
        _rest = rest;
        _timer = rest > TimeSpan.Zero ? timeProvider.CreateTimer(_ => Resume(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) : null;
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
    public static LinkMonitor Open(EpollLoop loop, int capacity = DefaultCapacity) =>
        Wrap(loop, OpenSocket(), capacity, TimeSpan.Zero, TimeProvider.System);

    /// <summary>Listens as <see cref="Open"/> does, with rests.</summary>
    /// <param name="loop">Whose thread reads the events; stays the caller's.</param>
    /// <param name="rest">
    /// For so long nothing is read after something was: a link that comes or goes tells of itself many times, and each waking of a thread for it costs as much
    /// as the event. What happens meanwhile waits in the kernel.
    /// </param>
    /// <param name="timeProvider">The clock of the rest.</param>
    public static LinkMonitor OpenResting(EpollLoop loop, TimeSpan rest, TimeProvider timeProvider) =>
        Wrap(loop, OpenSocket(), DefaultCapacity, rest, timeProvider);

    /// <summary>Listens in a namespace.</summary>
    public static async Task<LinkMonitor> OpenAsync(
        EpollLoop loop, NetnsBroker broker, NetworkNamespace ns, CancellationToken cancellationToken, int capacity = DefaultCapacity) =>
        Wrap(loop, await broker.RunAsync(ns, OpenSocket, cancellationToken), capacity, TimeSpan.Zero, TimeProvider.System);

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
            _timer?.Dispose();
            _loop.Remove(_socket.Fd, _token);
            _socket.Dispose();
            _queue.Complete();
        }
    }

    private static NetlinkSocket OpenSocket() =>
        NetlinkSocket.OpenForEvents(KernelBuffer, RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_NSID);

    private static LinkMonitor Wrap(EpollLoop loop, NetlinkSocket socket, int capacity, TimeSpan rest, TimeProvider timeProvider)
    {
        try
        {
            return new LinkMonitor(loop, socket, capacity, rest, timeProvider);
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
                    Pause_NeedsLock();
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

    private void Pause_NeedsLock()
    {
        if (_timer is not null)
        {
            _loop.Remove(_socket.Fd, _token);
            _ = _timer.Change(_rest, Timeout.InfiniteTimeSpan);
        }
    }

    private void Resume()
    {
        lock (_lock)
        {
            if (!_isDisposed && !_loop.IsDisposed)
            {
                _token = _loop.Add(_socket.Fd, Receive);
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

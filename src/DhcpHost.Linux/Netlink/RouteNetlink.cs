using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;
using static DhcpHost.Linux.Netlink.NetlinkConstants;

namespace DhcpHost.Linux.Netlink;

/// <summary>
/// Links, addresses and routes of one network namespace, by rtnetlink(7). Opened inside the namespace, usable from any thread, one request
/// at a time. Calls are synchronous and take 20 to 500 µs: the kernel does the work inside the call.
/// </summary>
public sealed class RouteNetlink : IDisposable
{
    // Acknowledgements wait in the socket's receive buffer (208 KiB, about 270 of them) until the whole send is done.
    private const int MaxRequestsInFlight = 64;

    private const int MaxDumpAttempts = 8;

    private readonly NetlinkSocket _socket;

    private RouteNetlink(NetlinkSocket socket) => _socket = socket;

    internal FileDescriptor Fd => _socket.Fd;

    /// <summary>Opens it in the namespace of the calling thread, which is the host's own everywhere but in a broker's work.</summary>
    public static RouteNetlink Open() => new(NetlinkSocket.OpenForRequests());

    /// <summary>Opens it inside a namespace. It goes on working when the namespace's name is deleted, and keeps the namespace alive.</summary>
    public static Task<RouteNetlink> OpenAsync(NetnsBroker broker, NetworkNamespace ns, CancellationToken cancellationToken) =>
        broker.RunAsync(ns, Open, cancellationToken);

    /// <summary>Executes requests in one go.</summary>
    /// <exception cref="LinuxException">The first that failed; the others were executed all the same.</exception>
    public void Execute(Action<RouteBatch> build)
    {
        if (TryExecute(build) is [var first, ..])
        {
            throw first.ToException();
        }
    }

    /// <summary>Executes requests in one go and returns those that failed.</summary>
    public IReadOnlyList<NetlinkFailure> TryExecute(Action<RouteBatch> build)
    {
        var batch = new RouteBatch();
        build(batch);
        List<NetlinkFailure>? failures = null;
        var requests = batch.Requests;
        for (var done = 0; done < requests.Count; done += MaxRequestsInFlight)
        {
            var offset = done;
            var count = Math.Min(MaxRequestsInFlight, requests.Count - done);
            var last = requests[done + count - 1];
            var messages = batch.Messages[requests[done].Start..(last.Start + last.Length)];
            _ = _socket.Transact(messages, count, OnAnswer, null);

            void OnAnswer(int index, Errno errno, string? text)
            {
                var request = requests[offset + index];
                if (errno is not Errno.None && errno != request.Tolerated)
                {
                    (failures ??= []).Add(new NetlinkFailure(offset + index, request.Operation, errno, text));
                }
            }
        }
        return failures ?? [];
    }

    /// <summary>All links. On a host of thousands this takes tens of milliseconds: look one up by its name instead where that does.</summary>
    public IReadOnlyList<Link> ListLinks() =>
        Dump("list links", RTM_GETLINK, default(LinkHeader), w => w.Attribute(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS), Link.Parse);

    /// <summary>The link of this name; null if there is none.</summary>
    public Link? FindLink(string name) => FindLink(0, name);

    /// <summary>The link of this index; null if there is none.</summary>
    public Link? FindLink(int index) => FindLink(index, null);

    /// <summary>The link of this name.</summary>
    /// <exception cref="LinuxException">ENODEV: there is none.</exception>
    public Link GetLink(string name) => FindLink(name) ?? throw new LinuxException(Errno.ENODEV, $"get link {name}");

    /// <summary>Addresses of a link, or of all links (0); IPv6 link-local ones included.</summary>
    public IReadOnlyList<LinkAddress> ListAddresses(int linkIndex = 0)
    {
        var header = new AddressHeader { LinkIndex = linkIndex };
        var all = Dump("list addresses", RTM_GETADDR, header, null, LinkAddress.Parse);
        return linkIndex == 0 ? all : [.. all.Where(a => a.LinkIndex == linkIndex)];
    }

    /// <summary>Unicast routes of the main table through a link, or through any (0); the kernel's own prefix routes included.</summary>
    public IReadOnlyList<Route> ListRoutes(int linkIndex = 0)
    {
        var all = Dump("list routes", RTM_GETROUTE, default(RouteHeader), null, Route.Parse);
        return linkIndex == 0 ? all : [.. all.Where(r => r.LinkIndex == linkIndex)];
    }

    /// <inheritdoc />
    public void Dispose() => _socket.Dispose();

    private delegate T? Parser<T>(ReadOnlySpan<byte> body)
        where T : class;

    private Link? FindLink(int index, string? name)
    {
        var writer = new NetlinkWriter();
        var start = writer.Begin(RTM_GETLINK, NLM_F_ACK);
        writer.Append(new LinkHeader { Index = index });
        if (name is not null)
        {
            writer.Attribute(IFLA_IFNAME, name);
        }
        writer.Attribute(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
        writer.End(start);

        Link? link = null;
        LinuxException? failure = null;
        _ = _socket.Transact(writer.Written, 1, OnAnswer, (_, body) => link = Link.Parse(body));
        return failure is null ? link : throw failure;

        void OnAnswer(int _, Errno errno, string? text)
        {
            // ERANGE: a name that no link can have.
            if (errno is not (Errno.None or Errno.ENODEV or Errno.ERANGE))
            {
                failure = new LinuxException(errno, $"get link {name ?? $"{index}"}", text);
            }
        }
    }

    private List<T> Dump<THeader, T>(string operation, ushort type, THeader header, Action<NetlinkWriter>? writeAttributes, Parser<T> parse)
        where THeader : unmanaged
        where T : class
    {
        for (var attempt = 1; ; attempt++)
        {
            var writer = new NetlinkWriter();
            var start = writer.Begin(type, NLM_F_DUMP);
            writer.Append(header);
            writeAttributes?.Invoke(writer);
            writer.End(start);

            var found = new List<T>();
            LinuxException? failure = null;
            var isWhole = _socket.Transact(writer.Written, 1, OnAnswer, OnMessage);
            if (failure is not null)
            {
                throw failure;
            }
            // Disturbed by changes again and again: what was seen is as good as a list of a busy host gets.
            if (isWhole || attempt == MaxDumpAttempts)
            {
                return found;
            }

            void OnAnswer(int _, Errno errno, string? text) => failure = errno is Errno.None ? null : new LinuxException(errno, operation, text);

            void OnMessage(ushort _, ReadOnlySpan<byte> body)
            {
                if (parse(body) is { } item)
                {
                    found.Add(item);
                }
            }
        }
    }
}

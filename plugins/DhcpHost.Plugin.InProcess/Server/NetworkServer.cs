using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Datagrams;
using DhcpHost.Plugin.InProcess.Leases;
using DhcpHost.Plugin.InProcess.Model;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.InProcess.Server;

/// <summary>The server of one network: its model, its leases, and the protocols at work. Belongs to the loop's thread.</summary>
internal sealed class NetworkServer : IDatagramHandler
{
    private readonly Protocols _protocols;
    private readonly IProtocolServer?[] _servers;
    private readonly Dictionary<DatagramSocket, IProtocolServer> _handlers = [];
    private readonly List<DatagramSocket> _sockets = [];
    private readonly ILogger _logger;
    private readonly Action<NetworkServer, string> _onFailed;
    private DatagramSocket? _linkEvents;

    public NetworkServer(
        ServerKey key, LinkFacts link, Protocols protocols, ServingModel model, LeaseStore store, DatagramLoop loop, ILogger logger,
        Action<NetworkServer, string> onFailed)
    {
        Key = key;
        Link = link;
        Model = model;
        Store = store;
        Loop = loop;
        Leases = store.Of(key);
        _protocols = protocols;
        _servers = new IProtocolServer?[protocols.All.Count];
        _logger = logger;
        _onFailed = onFailed;
    }

    public ServerKey Key { get; }

    /// <summary>The link that it serves on.</summary>
    public LinkFacts Link { get; }

    /// <summary>What it serves now.</summary>
    public ServingModel Model { get; private set; }

    public ServerLeases Leases { get; }

    /// <summary>The store of all leases, which tells the time in which they run.</summary>
    public LeaseStore Store { get; }

    /// <summary>For timers.</summary>
    public DatagramLoop Loop { get; }

    public ILogger Logger => _logger;

    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Datagrams that came, and replies that were made.</summary>
    public long Received { get; private set; }

    public long Replied { get; private set; }

    /// <summary>Whether a protocol's sockets are open.</summary>
    public bool IsServing(int protocol) => _servers[protocol] is not null;

    /// <summary>The index that a link of this name has in the server's namespace now.</summary>
    public int? FindLinkIndex(string device) => _linkEvents?.FindLinkIndex(device);

    /// <summary>Watches the link.</summary>
    public void Watch(DatagramSocket linkEvents)
    {
        _linkEvents = linkEvents;
        _sockets.Add(linkEvents);
        Loop.Add(linkEvents, this);
    }

    /// <summary>Begins to serve a protocol.</summary>
    public void Start(int protocol, IReadOnlyList<DatagramSocket> sockets)
    {
        var server = _protocols.All[protocol].Start(this, sockets, Model.Parts[protocol]!);
        _servers[protocol] = server;
        foreach (var socket in sockets)
        {
            _handlers[socket] = server;
            _sockets.Add(socket);
            Loop.Add(socket, this);
        }
    }

    /// <summary>Serves another model from the next datagram on; what has nothing to serve any more is ended.</summary>
    public void Swap(ServingModel model, DatagramReplies replies)
    {
        Model = model;
        for (var i = 0; i < _servers.Length; i++)
        {
            if (_servers[i] is { } server && model.Parts[i] is { } part)
            {
                server.Swap(part, replies);
            }
            else
            {
                Stop(i);
            }
        }
    }

    /// <summary>Ends everything and closes the sockets.</summary>
    public void Stop()
    {
        for (var i = 0; i < _servers.Length; i++)
        {
            Stop(i);
        }

        _sockets.ForEach(Loop.Close);
        _sockets.Clear();
    }

    public void Receive(DatagramSocket socket, in Datagram datagram, DatagramReplies replies)
    {
        if (!_handlers.TryGetValue(socket, out var handler))
        {
            return;
        }

        Received++;
        var before = replies.Count;
        try
        {
            handler.Receive(socket, in datagram, replies);
            Replied += Math.Max(0, replies.Count - before);
        }
        catch (Exception e)
        {
            // A datagram that nobody thought of must not end the servers of all networks.
            replies.RollBack(before);
            Log.Faulted(_logger, e, Key, datagram.Payload.Length);
        }
    }

    public void Fail(DatagramSocket socket, string reason) => _onFailed(this, reason);

    private void Stop(int protocol)
    {
        if (_servers[protocol] is not { } server)
        {
            return;
        }

        _servers[protocol] = null;
        server.Dispose();
        foreach (var (socket, _) in _handlers.Where(pair => pair.Value == server).ToList())
        {
            _ = _handlers.Remove(socket);
            _ = _sockets.Remove(socket);
            Loop.Close(socket);
        }
    }
}

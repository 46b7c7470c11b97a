using System.Threading.Channels;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Datagrams;
using DhcpHost.Plugin.InProcess.Leases;
using DhcpHost.Plugin.InProcess.Model;
using DhcpHost.Plugin.InProcess.Plans;
using Microsoft.Extensions.Logging;

namespace DhcpHost.Plugin.InProcess.Server;

/// <summary>The servers that run, with the leases and the plans of all networks. Belongs to the loop's thread.</summary>
internal sealed class ServerTable(
    Protocols protocols, LeaseStore leases, PlanStore plans, ILogger logger, TimeProvider timeProvider, ChannelWriter<DriverEvent> events)
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly Dictionary<ServerKey, NetworkServer> _servers = [];
    private DatagramLoop? _loop;

    public LeaseStore Leases => leases;

    public PlanStore Plans => plans;

    /// <summary>Servers and what is left of others.</summary>
    public IReadOnlyList<ServerKey> Keys =>
        [.. _servers.Keys.Union(plans.Servers).Union(leases.Servers.Where(server => server.Count > 0).Select(server => server.Key))];

    /// <summary>Begins to look after leases.</summary>
    public void Attach(DatagramLoop loop)
    {
        _loop = loop;
        _ = loop.Schedule(SweepInterval, Sweep);
    }

    public NetworkServer? Find(ServerKey key) => _servers.GetValueOrDefault(key);

    /// <summary>Starts a server; one that ran for the key is stopped first.</summary>
    public NetworkServer Start(ServingModel model, string namespaceId, OpenedSockets sockets)
    {
        var key = model.Plan.Server;
        Stop(key);
        var link = new LinkFacts(model.Plan.Interface, namespaceId, sockets.Link.Index, sockets.Link.MacAddress);
        var server = new NetworkServer(key, link, protocols, model, leases, _loop!, logger, OnFailed) { StartedAt = timeProvider.GetUtcNow() };
        _servers.Add(key, server);
        server.Watch(sockets.LinkEvents!);
        foreach (var (protocol, opened) in sockets.ByProtocol)
        {
            server.Start(protocol, opened);
        }

        plans.Put(model.Plan);
        return server;
    }

    /// <summary>Has a server serve another model, with further sockets where a protocol begins.</summary>
    public void Swap(NetworkServer server, ServingModel model, OpenedSockets? sockets, DatagramReplies replies)
    {
        server.Swap(model, replies);
        foreach (var (protocol, opened) in sockets?.ByProtocol ?? [])
        {
            server.Start(protocol, opened);
        }

        plans.Put(model.Plan);
    }

    /// <summary>Stops a server, if there is one.</summary>
    public bool Stop(ServerKey key)
    {
        if (!_servers.Remove(key, out var server))
        {
            return false;
        }

        server.Stop();
        return true;
    }

    /// <summary>Stops a server and forgets it; its leases too, unless they are wanted later.</summary>
    public bool Remove(ServerKey key, bool keepsLeases)
    {
        var ran = Stop(key);
        plans.Remove(key);
        if (!keepsLeases)
        {
            leases.Forget(key);
        }

        _ = leases.Commit(isDurable: false);
        return ran;
    }

    public void StopAll()
    {
        foreach (var server in _servers.Values)
        {
            server.Stop();
        }

        _servers.Clear();
    }

    private void OnFailed(NetworkServer server, string reason)
    {
        if (_servers.TryGetValue(server.Key, out var current) && current == server)
        {
            _ = Stop(server.Key);
            Log.Failed(logger, server.Key, reason);
            _ = events.TryWrite(new DriverEvent.ServerExited(server.Key, new(null, null, reason)));
        }
    }

    private void Sweep(DatagramReplies replies)
    {
        leases.Sweep();
        _ = _loop!.Schedule(SweepInterval, Sweep);
    }
}

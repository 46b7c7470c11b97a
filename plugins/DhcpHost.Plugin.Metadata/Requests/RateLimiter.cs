using System.Net;
using System.Net.Sockets;

namespace DhcpHost.Plugin.Metadata.Requests;

/// <summary>
/// Limits each client of a network to a number of requests in a base window and in a burst window. As with HAProxy's stick tables a request
/// that is refused counts, too, and at most 10,000 clients are remembered: those that were quiet for longest are forgotten.
/// </summary>
internal sealed class RateLimiter(MetadataOptions options, TimeProvider timeProvider)
{
    private const int MaxClients = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Client> _clients = [];
    private readonly LinkedList<Client> _byUse = new();
    private readonly long _start = timeProvider.GetTimestamp();
    private readonly TimeSpan _memory = options.BaseWindowDuration > options.BurstWindowDuration ? options.BaseWindowDuration : options.BurstWindowDuration;

    /// <summary>Clients that are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _clients.Count;
            }
        }
    }

    /// <summary>Whether a request of the client may pass.</summary>
    public bool TryPass(IPAddress address)
    {
        if (!options.IpVersions.Contains(address.AddressFamily == AddressFamily.InterNetworkV6 ? 6 : 4))
        {
            return true;
        }

        var at = timeProvider.GetElapsedTime(_start);
        lock (_lock)
        {
            Forget_NeedsLock(at);
            var client = Touch_NeedsLock(address);
            client.Value.LastSeen = at;
            var basic = client.Value.Base.Count(at, options.BaseWindowDuration);
            var burst = client.Value.Burst.Count(at, options.BurstWindowDuration);
            return basic <= options.BaseQueryRateLimit && burst <= options.BurstQueryRateLimit;
        }
    }

    private LinkedListNode<Client> Touch_NeedsLock(IPAddress address)
    {
        if (!_clients.TryGetValue(address, out var client))
        {
            _clients.Add(address, client = new(address));
            return client.Node = _byUse.AddLast(client);
        }

        _byUse.Remove(client.Node!);
        _byUse.AddLast(client.Node!);
        return client.Node!;
    }

    private void Forget_NeedsLock(TimeSpan at)
    {
        while (_byUse.First is { } first && (_clients.Count >= MaxClients || at - first.Value.LastSeen > 2 * _memory))
        {
            _byUse.RemoveFirst();
            _ = _clients.Remove(first.Value.Address);
        }
    }

    private sealed class Client(IPAddress address)
    {
        public IPAddress Address => address;

        public LinkedListNode<Client>? Node { get; set; }

        public TimeSpan LastSeen { get; set; }

        public RequestRate Base;

        public RequestRate Burst;
    }
}

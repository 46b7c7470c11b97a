using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Sockets;

namespace DhcpHost.Plugin.Metadata.Listening;

/// <summary>The proxies that run.</summary>
internal sealed class ProxyTable(MetadataOptions options, MetadataServer server, NamespaceSockets sockets, ProxyCheck check)
{
    private const int Port = 80;
    private const int Backlog = 128;

    private readonly ConcurrentDictionary<ServerKey, NetworkProxy> _proxies = new();

    public IReadOnlyCollection<ServerKey> Keys => [.. _proxies.Keys];

    public NetworkProxy? Find(ServerKey key) => _proxies.GetValueOrDefault(key);

    /// <summary>Starts a plan's proxy; the one before it, if any, is closed only when this one answers.</summary>
    public async Task StartAsync(MetadataPlan plan, ProxyPlace place, CancellationToken cancellationToken)
    {
        var proxy = await server.CreateProxyAsync(plan, place.Namespace.Id, place.Link, cancellationToken);
        try
        {
            proxy.Listen(await OpenAsync(place, new(ProxyPlace.IPv4, Port), null, cancellationToken));
            if (place.HasIPv6)
            {
                proxy.Listen(await OpenAsync(place, new(ProxyPlace.IPv6, Port), plan.Interface.Device, cancellationToken));
            }

            await CheckAsync(proxy, place, cancellationToken);
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }

        var before = Find(plan.Server);
        _proxies[plan.Server] = proxy;
        if (before is not null)
        {
            await before.CloseAsync(options.StopTimeout);
            await before.DisposeAsync();
        }
    }

    /// <summary>Asks a proxy at all its addresses that can be reached.</summary>
    /// <exception cref="DhcpHostException">It does not answer.</exception>
    public async Task CheckAsync(NetworkProxy proxy, ProxyPlace place, CancellationToken cancellationToken)
    {
        await check.RunAsync(place.Namespace, proxy, new(ProxyPlace.IPv4, Port), options.StartTimeout, cancellationToken);
        if (proxy.HasIPv6 && place.IsIPv6Usable)
        {
            var scoped = new IPAddress(ProxyPlace.IPv6.GetAddressBytes(), place.Link);
            await check.RunAsync(place.Namespace, proxy, new(scoped, Port), options.StartTimeout, cancellationToken);
        }
    }

    public async Task<bool> RemoveAsync(ServerKey key, TimeSpan grace)
    {
        if (!_proxies.TryRemove(key, out var proxy))
        {
            return false;
        }

        await proxy.CloseAsync(grace);
        await proxy.DisposeAsync();
        return true;
    }

    private async Task<Socket> OpenAsync(ProxyPlace place, IPEndPoint local, string? link, CancellationToken cancellationToken)
    {
        // Shared with another driver's proxy for the moment that one takes over from the other; free bind, since the IPv6 address may be tentative.
        var spec = new SocketSpec(SocketType.Stream, local) { Link = link, ReuseAddress = true, ReusePort = true, FreeBind = true, Backlog = Backlog };
        try
        {
            return await sockets.OpenAsync(place.Namespace, spec, cancellationToken);
        }
        catch (LinuxException e) when (e.Errno == Errno.EADDRINUSE)
        {
            throw new DhcpHostException(
                FailureKind.Conflict, $"Something else listens at {local} inside {place.Namespace.Name}, and shares it with nobody.", e);
        }
    }
}

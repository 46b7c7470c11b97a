using System.Net;
using System.Net.Sockets;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Linux.Files;
using DhcpHost.Linux.Interop;
using DhcpHost.Linux.Namespaces;
using DhcpHost.Linux.Sockets;
using DhcpHost.Plugin.Dnsmasq.Configuration;
using DhcpHost.Serving;

namespace DhcpHost.Plugin.Dnsmasq.Server;

/// <summary>
/// Makes a running server give up leases, by the message that the client would send, from inside the namespace (as <c>dhcp_release(1)</c>
/// does).
/// </summary>
internal sealed class LeaseReleaser(NamespaceSockets sockets, NetworkNamespaces namespaces, EpollLoop loop, TimeProvider timeProvider)
{
    private const int ServerPort = 67;
    private const int Dhcpv6ClientPort = 546;
    private const int Dhcpv6ServerPort = 547;
    private const int Tries = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(10);
    private static readonly IPAddress AllServers = IPAddress.Parse("ff02::1:2");

    /// <summary>Releases what it can.</summary>
    /// <returns>The leases that the server still holds after three tries of 0.3 s, as in Neutron; empty when all are gone.</returns>
    public async Task<IReadOnlyList<LeaseRow>> ReleaseAsync(
        ServerPaths paths, string namespaceName, string device, IReadOnlyList<IPAddress> servers, IReadOnlyList<LeaseRow> leases,
        CancellationToken cancellationToken)
    {
        if (leases.Count == 0)
        {
            return [];
        }

        using var ns = namespaces.TryOpen(namespaceName)
            ?? throw new DhcpHostException(FailureKind.Conflict, $"Leases cannot be released: the namespace {namespaceName} is gone.");
        using var changes = DirectoryWatcher.WatchOrPoll(loop, paths.Directory, LookInterval, timeProvider);
        var left = leases;
        for (var i = 0; i < Tries && left.Count > 0; i++)
        {
            await SendAsync(ns, device, servers, left, ServerDuid(paths), cancellationToken);
            left = await WaitAsync(changes, paths, left, cancellationToken);
        }

        return left;
    }

    private static string? ServerDuid(ServerPaths paths) => Read(paths).Duid;

    private static LeasesFile Read(ServerPaths paths) => LeasesFile.Parse(ServerFiles.TryRead(paths.Leases) ?? "");

    private async Task SendAsync(
        NetworkNamespace ns, string device, IReadOnlyList<IPAddress> servers, IReadOnlyList<LeaseRow> leases, string? duid, CancellationToken cancellationToken)
    {
        if (leases.Any(lease => lease.Address.IpVersion() == 4))
        {
            using var socket = await sockets.OpenAsync(
                ns, new(SocketType.Dgram, new(IPAddress.Any, 0)) { Link = device, MayBroadcast = true }, cancellationToken);
            foreach (var lease in leases)
            {
                if (lease.MacAddress is { } mac)
                {
                    // dnsmasq heeds only a release that names its address on the lease's own subnet, which is for it to know: all are tried.
                    foreach (var server in servers.Where(server => server.IpVersion() == 4))
                    {
                        _ = await socket.SendToAsync(ReleaseMessage.MakeIPv4(lease, mac, server), new IPEndPoint(server, ServerPort), cancellationToken);
                    }
                }
            }
        }

        if (duid is not null && leases.Any(lease => lease.Iaid is not null))
        {
            var spec = new SocketSpec(SocketType.Dgram, new(IPAddress.IPv6Any, Dhcpv6ClientPort)) { Link = device, ReuseAddress = true };
            using var socket = await sockets.OpenAsync(ns, spec, cancellationToken);
            foreach (var lease in leases)
            {
                if (lease.Iaid is { } iaid && lease.ClientId != "*")
                {
                    _ = await socket.SendToAsync(ReleaseMessage.MakeIPv6(lease, iaid, duid), new IPEndPoint(AllServers, Dhcpv6ServerPort), cancellationToken);
                }
            }
        }
    }

    /// <summary>The server writes its leases file anew at once.</summary>
    private async Task<IReadOnlyList<LeaseRow>> WaitAsync(
        DirectoryWatcher changes, ServerPaths paths, IReadOnlyList<LeaseRow> leases, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Patience, timeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var left = StillHeld(paths, leases);
        try
        {
            await using var events = changes.ReadAllAsync(stop.Token).GetAsyncEnumerator(CancellationToken.None);
            while (left.Count > 0 && await events.MoveNextAsync())
            {
                left = StillHeld(paths, leases);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Patience is over: what is left is tried again, or told.
        }

        return left;
    }

    private static List<LeaseRow> StillHeld(ServerPaths paths, IReadOnlyList<LeaseRow> leases)
    {
        var held = Read(paths).Rows.Select(row => (row.Address, row.Owner)).ToHashSet();
        return [.. leases.Where(lease => held.Contains((lease.Address, lease.Owner)))];
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Sources;

namespace DhcpHost.Core.Tests.Fakes;

/// <summary>A source whose networks a test sets.</summary>
internal sealed class FakeSource(string id = "lab") : INetworkSource
{
    private readonly ConcurrentDictionary<Channel<SourceEvent>, bool> _watchers = new();

    public PluginId Id { get; } = new(id);

    public ConcurrentDictionary<NetworkId, Network> Networks { get; } = new();

    public ConcurrentDictionary<(NetworkId, SegmentId?), Port> HostPorts { get; } = new();

    public ConcurrentQueue<ReadyPortsReport> Ready { get; } = new();

    public ConcurrentQueue<HostStatusReport> Statuses { get; } = new();

    /// <summary>Runs before every call, with its name: throws, or waits.</summary>
    public Func<string, NetworkId?, CancellationToken, Task> BeforeCall { get; set; } = (_, _, _) => Task.CompletedTask;

    public ConcurrentQueue<(string Name, NetworkId? NetworkId)> Calls { get; } = new();

    public int Watchers => _watchers.Count;

    public int CountCalls(string name) => Calls.Count(call => call.Name == name);

    /// <summary>Sets a network, and tells of it.</summary>
    public void Put(Network network, int priority = 0, IEnumerable<PortId>? awaited = null, bool withSnapshot = true)
    {
        Networks[network.Id] = network;
        Tell(
            new SourceEvent.NetworkChanged
            {
                NetworkId = network.Id,
                Snapshot = withSnapshot ? network : null,
                Priority = priority,
                AwaitedPorts = (awaited ?? []).ToEquatableArray(),
            });
    }

    public void Remove(NetworkId id)
    {
        Networks.TryRemove(id, out _);
        Tell(new SourceEvent.NetworkRemoved(id));
    }

    public void Tell(SourceEvent item)
    {
        foreach (var watcher in _watchers.Keys)
        {
            watcher.Writer.TryWrite(item);
        }
    }

    public void EndWatches()
    {
        foreach (var watcher in _watchers.Keys)
        {
            watcher.Writer.TryComplete();
        }
    }

    public async Task<IReadOnlyList<Network>> ListAsync(CancellationToken cancellationToken)
    {
        await CalledAsync("List", null, cancellationToken);
        return [.. Networks.Values];
    }

    public async Task<Network?> GetAsync(NetworkId networkId, CancellationToken cancellationToken)
    {
        await CalledAsync("Get", networkId, cancellationToken);
        return Networks.GetValueOrDefault(networkId);
    }

    public async IAsyncEnumerable<SourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateUnbounded<SourceEvent>();
        _watchers[channel] = true;
        try
        {
            yield return new SourceEvent.HealthChanged(new() { IsHealthy = true, Message = "all is well" });
            await foreach (var item in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return item;
            }
        }
        finally
        {
            _watchers.TryRemove(channel, out _);
        }
    }

    public async Task<Port> EnsureHostPortAsync(HostPortRequest request, CancellationToken cancellationToken)
    {
        await CalledAsync("EnsureHostPort", request.Network.Id, cancellationToken);
        if (!Networks.ContainsKey(request.Network.Id))
        {
            throw new DhcpHostException(FailureKind.Gone, $"There is no network {request.Network.Id}.");
        }

        return HostPorts[(request.Network.Id, request.SegmentId)] = new Port
        {
            Id = new($"host-{request.Network.Id}{(request.SegmentId is { } segment ? $"-{segment}" : "")}"),
            DeviceOwner = DeviceOwners.Dhcp,
            MacAddress = MacAddress.Parse("02:00:00:00:00:02", null),
            FixedIps = request.Network.Subnets.Where(subnet => request.SubnetIds.Contains(subnet.Id))
                .Select(subnet => new FixedIp(subnet.Id, Second(subnet.Cidr.BaseAddress)))
                .ToEquatableArray(),
        };
    }

    public async Task ReleaseHostPortAsync(NetworkId networkId, SegmentId? segmentId, CancellationToken cancellationToken)
    {
        await CalledAsync("ReleaseHostPort", networkId, cancellationToken);
        HostPorts.TryRemove((networkId, segmentId), out _);
    }

    public async Task ReportReadyAsync(ReadyPortsReport report, CancellationToken cancellationToken)
    {
        await CalledAsync("ReportReady", report.NetworkId, cancellationToken);
        Ready.Enqueue(report);
    }

    public Task ReportStatusAsync(HostStatusReport report, CancellationToken cancellationToken)
    {
        Statuses.Enqueue(report);
        return Task.CompletedTask;
    }

    private static IPAddress Second(IPAddress prefix)
    {
        var bytes = prefix.GetAddressBytes();
        bytes[^1] += 2;
        return new(bytes);
    }

    private async Task CalledAsync(string name, NetworkId? networkId, CancellationToken cancellationToken)
    {
        await Task.Yield();
        Calls.Enqueue((name, networkId));
        await BeforeCall(name, networkId, cancellationToken);
    }
}

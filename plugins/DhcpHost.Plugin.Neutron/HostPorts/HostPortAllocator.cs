using System.Collections.Concurrent;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Sources;
using DhcpHost.Plugin.Neutron.Caching;
using DhcpHost.Plugin.Neutron.Messaging;
using DhcpHost.Plugin.Neutron.Server;

namespace DhcpHost.Plugin.Neutron.HostPorts;

/// <summary>
/// This host's own ports: the one that is there, or else a reserved one, or else a new one; with an address on each subnet that has DHCP
/// (neutron, <c>agent/linux/dhcp.py</c>, <c>DeviceManager.setup_dhcp_port</c>).
/// </summary>
internal sealed class HostPortAllocator(
    NeutronServer server, NetworkReader reader, NetworkCache cache, string host, int maxCalls, Action<SourceEvent> publish) : IDisposable
{
    private readonly SemaphoreSlim _calls = new(maxCalls, maxCalls);
    private readonly ConcurrentDictionary<(NetworkId, SegmentId?), string> _deviceIds = new();
    private readonly ConcurrentDictionary<string, bool> _uncertain = new();
    private readonly ConcurrentDictionary<PortId, bool> _adopting = new();

    /// <summary>Makes, or brings up to date, the port.</summary>
    public async Task<Port> EnsureAsync(HostPortRequest request, CancellationToken cancellationToken)
    {
        await _calls.WaitAsync(cancellationToken);
        try
        {
            return await TryTwiceAsync(request, cancellationToken);
        }
        finally
        {
            _calls.Release();
        }
    }

    /// <summary>Gives the port back.</summary>
    public async Task ReleaseAsync(NetworkId networkId, SegmentId? segmentId, CancellationToken cancellationToken)
    {
        var network = cache.Find(networkId);
        var deviceId = _deviceIds.GetValueOrDefault((networkId, segmentId)) ?? DeviceIdOf(networkId, segmentId, network);
        await _calls.WaitAsync(cancellationToken);
        try
        {
            await server.ReleasePortAsync(networkId, deviceId, cancellationToken);
        }
        finally
        {
            _calls.Release();
        }

        foreach (var port in network?.Ports.Where(port => port.DeviceId == deviceId) ?? [])
        {
            cache.Remove(port.Id);
        }

        _deviceIds.TryRemove((networkId, segmentId), out _);
        _uncertain.TryRemove(deviceId, out _);
    }

    public void Dispose() => _calls.Dispose();

    private async Task<Port> TryTwiceAsync(HostPortRequest request, CancellationToken cancellationToken)
    {
        var id = request.Network.Id;
        var network = cache.Find(id) ?? request.Network;
        var deviceId = DeviceIdOf(id, request.SegmentId ?? OnlySegment(request), network);
        _deviceIds[(id, request.SegmentId)] = deviceId;
        if (_uncertain.ContainsKey(deviceId))
        {
            // A port that was asked for and never answered may be there.
            network = await LookAgainAsync(request, cancellationToken);
            _uncertain.TryRemove(deviceId, out _);
        }

        try
        {
            return await SetUpAsync(network, deviceId, request.SubnetIds, isLastTry: false, cancellationToken);
        }
        catch (DhcpHostException exception) when (exception.Kind == FailureKind.Conflict)
        {
            // Something was missed: once more, by what the server says now.
            network = await LookAgainAsync(request, cancellationToken);
            return await SetUpAsync(network, deviceId, request.SubnetIds, isLastTry: true, cancellationToken);
        }
    }

    /// <summary>Asks the server for the network, and tells the host where it differs from what it knows.</summary>
    private async Task<Network> LookAgainAsync(HostPortRequest request, CancellationToken cancellationToken)
    {
        var id = request.Network.Id;
        var before = cache.Find(id);
        var network = await reader.GetAsync(id, cancellationToken) ?? throw new DhcpHostException(FailureKind.Gone, $"Neutron has no network {id} any more.");
        if (!ReferenceEquals(network, before))
        {
            publish(new SourceEvent.NetworkChanged { NetworkId = id, Snapshot = network });
        }

        return request.SubnetIds.All(wanted => network.Subnets.Any(subnet => subnet.Id == wanted))
            ? network
            : throw new DhcpHostException(FailureKind.Conflict, $"The subnets of network {id} changed meanwhile; it is served by what they are now.");
    }

    private async Task<Port> SetUpAsync(Network network, string deviceId, EquatableArray<SubnetId> subnets, bool isLastTry, CancellationToken cancellationToken)
    {
        var port = await FindAsync(network, deviceId, subnets, isLastTry, cancellationToken)
            ?? await AdoptAsync(network, deviceId, subnets, cancellationToken)
            ?? await CreateAsync(network, deviceId, subnets, cancellationToken);
        if (Missing(port, subnets).Any())
        {
            port = await server.GetPortAsync(port.Id, cancellationToken) ?? port;
        }

        if (Missing(port, subnets).ToList() is { Count: > 0 } missing)
        {
            throw new DhcpHostException(FailureKind.Conflict, $"Neutron gave this host's port {port.Id} no address on subnet {string.Join(", ", missing)}.");
        }

        var change = cache.Put(network.Id, port, isNew: false);
        if (change is { Outcome: PortOutcome.Changed, Network: { } snapshot })
        {
            publish(new SourceEvent.NetworkChanged { NetworkId = network.Id, Snapshot = snapshot, Priority = BulkPriority });
        }

        return port;
    }

    /// <summary>The news of an own port, which nobody waits for.</summary>
    private const int BulkPriority = -100;

    private async Task<Port?> FindAsync(Network network, string deviceId, EquatableArray<SubnetId> subnets, bool isLastTry, CancellationToken cancellationToken)
    {
        var port = network.Ports.Where(port => port.DeviceId == deviceId).MinBy(port => Missing(port, subnets).Count());
        if (port is null)
        {
            return null;
        }

        if (await UpdateAsync(network.Id, port, subnets, cancellationToken) is { } current)
        {
            return current;
        }

        if (!isLastTry)
        {
            throw new DhcpHostException(FailureKind.Conflict, $"Neutron did not update this host's port {port.Id}: it is gone, or another agent's.");
        }

        // The server compares the device id with one without a segment, and so refuses to change the port of one: a new one takes its place.
        await server.ReleasePortAsync(network.Id, deviceId, cancellationToken);
        cache.Remove(port.Id);
        return null;
    }

    private async Task<Port?> AdoptAsync(Network network, string deviceId, EquatableArray<SubnetId> subnets, CancellationToken cancellationToken)
    {
        foreach (var reserved in network.Ports.Where(port => port.DeviceId == PortRules.ReservedDeviceId && IsUsable(port, network, subnets)))
        {
            if (!_adopting.TryAdd(reserved.Id, true))
            {
                continue;
            }

            try
            {
                var port = await server.AdoptPortAsync(network.Id, reserved.Id, deviceId, cancellationToken);
                if (port is not null && port.DeviceId == deviceId)
                {
                    return await UpdateAsync(network.Id, port, subnets, cancellationToken)
                        ?? throw new DhcpHostException(FailureKind.Conflict, $"Neutron did not update the port {port.Id} that this host took over.");
                }
            }
            finally
            {
                _adopting.TryRemove(reserved.Id, out _);
            }
        }

        return null;
    }

    private async Task<Port> CreateAsync(Network network, string deviceId, EquatableArray<SubnetId> subnets, CancellationToken cancellationToken)
    {
        // Until the server says what became of it.
        _uncertain[deviceId] = true;
        try
        {
            var port = await server.CreatePortAsync(network, deviceId, subnets, cancellationToken);
            _uncertain.TryRemove(deviceId, out _);
            return port
                ?? throw new DhcpHostException(
                    FailureKind.Conflict, $"Neutron made no port for this host on network {network.Id}: the network or a subnet of it is gone.");
        }
        catch (DhcpHostException exception) when (exception.InnerException is RpcRemoteException)
        {
            _uncertain.TryRemove(deviceId, out _);
            throw;
        }
    }

    /// <summary>Gives a port the subnets that it should have; <c>null</c> where the server does not.</summary>
    private async Task<Port?> UpdateAsync(NetworkId networkId, Port port, EquatableArray<SubnetId> subnets, CancellationToken cancellationToken)
    {
        var missing = Missing(port, subnets).ToList();
        return missing.Count == 0 && port.FixedIps.All(ip => subnets.Contains(ip.SubnetId))
            ? port
            : await server.UpdatePortAsync(networkId, port.Id, port.FixedIps.Where(ip => subnets.Contains(ip.SubnetId)), missing, cancellationToken);
    }

    /// <summary>Where the network has several segments, a port with an address on another one is not for this one.</summary>
    private static bool IsUsable(Port reserved, Network network, EquatableArray<SubnetId> subnets) =>
        network.Segments.Count <= 1 || reserved.FixedIps.IsEmpty || reserved.FixedIps.Any(ip => subnets.Contains(ip.SubnetId));

    private static IEnumerable<SubnetId> Missing(Port port, EquatableArray<SubnetId> subnets) =>
        subnets.Where(subnet => !port.FixedIps.Any(ip => ip.SubnetId == subnet));

    private static SegmentId? OnlySegment(HostPortRequest request) =>
        request.Network.Subnets.Select(subnet => subnet.SegmentId).FirstOrDefault(segment => segment is not null);

    private string DeviceIdOf(NetworkId networkId, SegmentId? segmentId, Network? network)
    {
        var segment = network?.Segments.FirstOrDefault(segment => segment.Id == segmentId);
        return DhcpDeviceId.Of(host, networkId, segment is null ? SegmentNames.Read(segmentId) : segment.SegmentationId);
    }
}

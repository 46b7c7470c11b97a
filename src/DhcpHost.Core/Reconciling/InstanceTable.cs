using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Core.Plugins;
using DhcpHost.Core.Policies;

namespace DhcpHost.Core.Reconciling;

/// <summary>
/// What the instances of a network are told, by the policy <c>instance-metadata</c>. A port is asked about once, and again when it, its network or
/// the policies change: a change of one of 1,000 ports is one call.
/// </summary>
internal sealed class InstanceTable
{
    private Dictionary<PortId, (Port Port, InstanceMetadata? Told)> _told = [];
    private Network? _network;
    private long _generation = -1;

    /// <summary>Whether a driver serves documents at all.</summary>
    public static bool IsWanted(IDriverRegistry registry, DriverId driver) =>
        registry.Drivers.Any(one => one.Kind == DriverKind.Metadata && one.Info.Id == driver && one.Capabilities.InstanceDocuments);

    /// <summary>Only what is not a port's own word: the driver makes that by itself.</summary>
    public EquatableArray<InstanceMetadata> Decide(Network network, PortId hostPort, IPolicies policies, Action<string?> count)
    {
        var bare = network with { Ports = [] };
        var generation = policies.Generation;
        if (generation != _generation || bare != _network)
        {
            (_told, _network, _generation) = ([], bare, generation);
        }

        var told = new Dictionary<PortId, (Port, InstanceMetadata?)>(_told.Count);
        foreach (var port in network.Ports.Where(port => port.Id != hostPort && InstanceMetadata.IsInstance(port)))
        {
            told[port.Id] = (port, _told.TryGetValue(port.Id, out var known) && known.Port == port ? known.Told : Ask(bare, port, policies, count));
        }

        _told = told;
        return told.Values.Select(pair => pair.Item2).OfType<InstanceMetadata>().ToEquatableArray();
    }

    private static InstanceMetadata? Ask(Network bare, Port port, IPolicies policies, Action<string?> count)
    {
        var standing = InstanceMetadata.Of(port);
        var answer = policies.InstanceMetadata(new() { Network = bare, Port = port, Default = standing });
        count(answer.Problem);
        return answer.Value == standing ? null : answer.Value;
    }
}

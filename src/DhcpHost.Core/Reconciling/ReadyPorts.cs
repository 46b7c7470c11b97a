using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Core.Reconciling;

/// <summary>Which ports a reconcile made ready.</summary>
internal static class ReadyPorts
{
    /// <summary>Ports that are new, or differ from what was reported.</summary>
    public static IReadOnlyCollection<PortId> Since(Network? reported, Network served)
    {
        if (reported is null)
        {
            return [.. served.Ports.Select(port => port.Id)];
        }

        var before = new Dictionary<PortId, Port>(reported.Ports.Count);
        foreach (var port in reported.Ports)
        {
            before[port.Id] = port;
        }

        // Most snapshots share most of their ports: the same object is the same port.
        return [.. served.Ports.Where(
            port => !before.TryGetValue(port.Id, out var held) || (!ReferenceEquals(held, port) && held != port)).Select(port => port.Id)];
    }
}

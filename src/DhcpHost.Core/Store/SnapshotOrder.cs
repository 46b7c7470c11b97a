using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Core.Store;

/// <summary>Which of two snapshots of a network is the newer one, by the revisions that a source such as Neutron counts.</summary>
internal static class SnapshotOrder
{
    /// <summary>
    /// True where the second snapshot is certainly older: the network's own revision is lower; or it is the same, and some subnet or port that both have is
    /// older and none is newer (a port's change does not raise its network's revision). Without revisions (0) nothing is known to be older.
    /// </summary>
    public static bool IsStale(Network held, Network incoming)
    {
        if (held.RevisionNumber == 0 || incoming.RevisionNumber == 0 || held.RevisionNumber != incoming.RevisionNumber)
        {
            return incoming.RevisionNumber > 0 && incoming.RevisionNumber < held.RevisionNumber;
        }

        var older = false;
        var subnets = new Dictionary<SubnetId, long>(held.Subnets.Count);
        foreach (var subnet in held.Subnets)
        {
            subnets[subnet.Id] = subnet.RevisionNumber;
        }

        foreach (var subnet in incoming.Subnets)
        {
            if (IsNewer(subnets.GetValueOrDefault(subnet.Id), subnet.RevisionNumber, ref older))
            {
                return false;
            }
        }

        var ports = new Dictionary<PortId, long>(held.Ports.Count);
        foreach (var port in held.Ports)
        {
            ports[port.Id] = port.RevisionNumber;
        }

        foreach (var port in incoming.Ports)
        {
            if (IsNewer(ports.GetValueOrDefault(port.Id), port.RevisionNumber, ref older))
            {
                return false;
            }
        }

        return older;
    }

    private static bool IsNewer(long held, long incoming, ref bool older)
    {
        if (held == 0 || incoming == 0)
        {
            return false;
        }

        older |= incoming < held;
        return incoming > held;
    }
}

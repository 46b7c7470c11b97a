using DhcpHost.Abstractions.Networks;
using DhcpHost.Plugin.Kea.Configuration;
using DhcpHost.Serving;

namespace DhcpHost.Plugin.Kea.Leases;

/// <summary>Finds the leases that a server should no longer hold: their reservation is gone or is another client's.</summary>
internal static class StaleLeases
{
    public static IReadOnlyList<KeaLease> Find(IEnumerable<KeaLease> leases, Network network)
    {
        var owners = network.Ports.SelectMany(port => port.FixedIps, (port, ip) => (ip.Address, port)).ToLookup(owner => owner.Address, owner => owner.port);
        var subnets = new SubnetSet(network);
        return [.. leases.Where(IsStale)];

        bool IsStale(KeaLease lease) => owners.Contains(lease.Address)
            ? owners[lease.Address].All(port => IsAnothers(lease, port))
            : !subnets.IsDynamic(lease.Address);
    }

    private static bool IsAnothers(KeaLease lease, Port port)
    {
        if (port.MacAddress is { } mac && (lease.MacAddress is null || lease.MacAddress == mac))
        {
            return false;
        }

        var id = lease.Identifier.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant();
        if (lease.Address.IpVersion() == 6)
        {
            return port.Duid is null || ClientKeys.FindDuid(port.Duid) != id;
        }

        var ids = new List<string>();
        _ = ClientIdentifier.Of(port) is { } text && ClientKeys.FindClientIds(text, ids) is null;

        // A server that tells clients apart by their MAC address does not write down what else they say.
        return port.MacAddress is null && id.Length == 0 ? ids.Count == 0 : !ids.Contains(id);
    }
}

using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Plugin.Dnsmasq.Configuration;
using DhcpHost.Serving;

namespace DhcpHost.Plugin.Dnsmasq.Server;

/// <summary>Finds the leases that a server should no longer hold: their reservation is gone or is another client's.</summary>
internal static class StaleLeases
{
    public static IReadOnlyList<LeaseRow> Find(LeasesFile leases, Network network, string oldHosts)
    {
        var owners = network.Ports.SelectMany(port => port.FixedIps, (port, ip) => (ip.Address, port.MacAddress, port.Id))
            .ToLookup(owner => owner.Address, owner => (owner.MacAddress, owner.Id));
        var subnets = new SubnetSet(network);
        var formerOwners = new Lazy<Dictionary<IPAddress, string>>(() => ReadOwners(oldHosts), LazyThreadSafetyMode.None);
        return [.. leases.Rows.Where(IsStale)];

        bool IsStale(LeaseRow row)
        {
            if (!owners.Contains(row.Address))
            {
                return !subnets.IsDynamic(row.Address);
            }

            // IPv6 leases do not name a MAC address; the host line under which they were given does.
            var mac = row.Address.IpVersion() == 4 ? row.Owner.ToLowerInvariant() : formerOwners.Value.GetValueOrDefault(row.Address);
            return mac is not null && owners[row.Address].All(owner => owner.MacAddress is { } now && now.ToString() != mac);
        }
    }

    private static Dictionary<IPAddress, string> ReadOwners(string hosts)
    {
        var owners = new Dictionary<IPAddress, string>();
        foreach (var line in hosts.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split(',');
            foreach (var field in fields)
            {
                if (field.StartsWith('[') && IPAddress.TryParse(field, out var address) && MacAddress.TryParse(fields[0], null, out _))
                {
                    owners[address] = fields[0];
                }
            }
        }

        return owners;
    }
}

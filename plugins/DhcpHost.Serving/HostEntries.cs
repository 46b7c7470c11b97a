using System.Net;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Serving;

/// <summary>The addresses of a network's ports in the order in which Neutron's driver writes them.</summary>
public sealed class HostEntries(
    Network network, SubnetSet subnets, string domain, RefusalList refusals, Func<string, string?> findNameFault)
{
    /// <summary>The addresses of clients; ports that ask for no DHCP are left out.</summary>
    /// <param name="mergesIPv6">Whether the stateful addresses that a port has on one IPv6 subnet make one entry.</param>
    public IEnumerable<HostEntry> Enumerate(bool mergesIPv6)
    {
        foreach (var port in network.Ports)
        {
            if (port.DeviceOwner is DeviceOwners.RouterHaInterface or DeviceOwners.FloatingIp or DeviceOwners.Dhcp or DeviceOwners.Distributed)
            {
                continue;
            }

            if (port.FixedIps is [var only])
            {
                // As nearly all ports have it: nothing to order, nothing to merge.
                yield return Describe(port, only.SubnetId, [only.Address]);
                continue;
            }

            // dnsmasq reads host lines from the last to the first, and a line without an address would win over the one with the IPv4 address.
            IEnumerable<FixedIp> ordered = port.FixedIps.OrderBy(ip => AddressMode(ip.SubnetId) == IPv6Mode.Dhcpv6Stateless ? 0 : 1);
            foreach (var group in mergesIPv6 ? Merge(ordered) : ordered.Select(ip => (ip.SubnetId, Addresses: new EquatableArray<IPAddress>([ip.Address]))))
            {
                yield return Describe(port, group.SubnetId, group.Addresses);
            }
        }
    }

    private IEnumerable<(SubnetId SubnetId, EquatableArray<IPAddress> Addresses)> Merge(IEnumerable<FixedIp> ordered)
    {
        var merged = new OrderedDictionary<SubnetId, List<IPAddress>>();
        foreach (var ip in ordered)
        {
            if (AddressMode(ip.SubnetId) != IPv6Mode.Dhcpv6Stateful)
            {
                yield return (ip.SubnetId, [ip.Address]);
            }
            else if (merged.TryGetValue(ip.SubnetId, out var addresses))
            {
                addresses.Add(ip.Address);
            }
            else
            {
                merged.Add(ip.SubnetId, [ip.Address]);
            }
        }

        foreach (var (subnetId, addresses) in merged)
        {
            yield return (subnetId, addresses.ToEquatableArray());
        }
    }

    private HostEntry Describe(Port port, SubnetId subnetId, EquatableArray<IPAddress> addresses)
    {
        var isIPv6 = subnets.Find(subnetId) is { IpVersion: 6 };
        var mode = AddressMode(subnetId);
        var (hostname, fqdn) = Name(port, addresses[0]);
        return new()
        {
            Port = port,
            SubnetId = subnetId,
            Addresses = addresses,
            Hostname = hostname,
            Fqdn = fqdn,
            IsIPv6 = isIPv6,
            NeedsNoAddress = mode is IPv6Mode.Slaac or IPv6Mode.Dhcpv6Stateless,
            NeedsNoOptions = mode is IPv6Mode.Slaac,
        };
    }

    private (string Hostname, string Fqdn) Name(Port port, IPAddress address)
    {
        var assignment = port.DnsAssignments.LastOrDefault(assignment => assignment.Address.Equals(address));
        if (assignment is not null)
        {
            if (FindFault(port, assignment.Hostname, assignment.Fqdn))
            {
                return MadeUpName(address);
            }

            return (assignment.Hostname, assignment.Fqdn);
        }

        if (string.IsNullOrEmpty(port.DnsName))
        {
            return MadeUpName(address);
        }

        var fqdn = WithDomain(port.DnsName, string.IsNullOrEmpty(port.DnsDomain) ? domain : port.DnsDomain);
        return FindFault(port, port.DnsName, fqdn) ? MadeUpName(address) : (port.DnsName, fqdn);
    }

    private bool FindFault(Port port, string hostname, string fqdn)
    {
        foreach (var name in (ReadOnlySpan<string>)[fqdn, hostname])
        {
            if (findNameFault(name) is { } fault)
            {
                refusals.Add($"port {port.Id} name {RefusalList.Quote(name)}", $"{fault}; until then it is called after its address");
                return true;
            }
        }

        return false;
    }

    private (string Hostname, string Fqdn) MadeUpName(IPAddress address)
    {
        var hostname = "host-" + AddressText.Plain(address).Replace('.', '-').Replace(':', '-');
        return (hostname, WithDomain(hostname, domain));
    }

    private static string WithDomain(string hostname, string domain) => domain.Length == 0 ? hostname : $"{hostname}.{domain}";

    private IPv6Mode? AddressMode(SubnetId id) => subnets.Find(id) is { IpVersion: 6 } subnet ? subnet.IPv6AddressMode : null;
}

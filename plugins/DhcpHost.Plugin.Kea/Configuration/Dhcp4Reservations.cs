using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Serving;

namespace DhcpHost.Plugin.Kea.Configuration;

/// <summary>Ports as kea-dhcp4's reservations: one for each of the names by which a client is known.</summary>
internal sealed class Dhcp4Reservations(DhcpPlan plan, SubnetSet subnets, string domain, RefusalList refusals)
{
    private const string ByMacAlone = "*";

    public IReadOnlyDictionary<SubnetId, List<(PortId Port, KeaReservation Reservation)>> Make(IEnumerable<Subnet> served)
    {
        var bySubnet = served.ToDictionary(subnet => subnet.Id, _ => new List<(PortId, KeaReservation)>());
        var taken = new HashSet<(SubnetId, string)>();
        foreach (var entry in new HostEntries(plan.Network, subnets, domain, refusals, HostNameGrammar.FindFault).Enumerate(mergesIPv6: false))
        {
            if (entry.IsIPv6 || !bySubnet.TryGetValue(entry.SubnetId, out var list) || entry.Addresses[0].IpVersion() != 4)
            {
                continue;
            }

            var subject = $"port {entry.Port.Id} address {entry.Addresses[0]}";
            if (!subnets.Find(entry.SubnetId)!.Cidr.Contains(entry.Addresses[0]))
            {
                refusals.Add(subject, $"it is not on its subnet {entry.SubnetId}; correct it");
                continue;
            }

            var names = FindNames(entry.Port);
            if (names.Count == 0)
            {
                refusals.Add(subject, "it has neither a MAC address nor a client identifier to know the client by; give it one");
                continue;
            }

            var free = names.Where(name => taken.Add((entry.SubnetId, name.HwAddress ?? name.ClientId!))).ToList();
            if (free.Count == 0)
            {
                refusals.Add(subject, "Kea gives a client one address on a subnet, and this one has another already");
            }

            list.AddRange(free.Select(name => (
                entry.Port.Id, name with { IpAddress = entry.Addresses[0].ToString(), Hostname = entry.Hostname.Split('.')[0] })));
        }

        return bySubnet;
    }

    private List<KeaReservation> FindNames(Port port)
    {
        var names = new List<KeaReservation>();
        if (port.MacAddress is { } mac)
        {
            names.Add(new() { HwAddress = mac.ToString() });
        }

        var ids = new List<string>();
        if (ClientIdentifier.Of(port) is { } text and not ByMacAlone && ClientKeys.FindClientIds(text, ids) is { } fault)
        {
            refusals.Add($"port {port.Id} client identifier {RefusalList.Quote(text)}", fault);
        }

        names.AddRange(ids.Select(id => new KeaReservation { ClientId = id }));
        return names;
    }
}

using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Serving;
using DhcpHost.Serving.V6;

namespace DhcpHost.Plugin.Kea.Configuration;

/// <summary>Writes what kea-dhcp6 serves.</summary>
internal sealed class Dhcp6Writer(DhcpPlan plan, RefusalList refusals)
{
    private const double RebindShare = 0.8;

    private readonly SubnetNumbers _numbers = new();

    /// <summary>Writes it; <c>null</c> where DHCPv6 has no part in the network.</summary>
    public ServedNetworks? Write()
    {
        var model = V6ModelBuilder.Build(plan, [], refusals);
        foreach (var subnet in plan.Network.Subnets.Where(subnet => subnet is { EnableDhcp: true, IpVersion: 6, SendRouterAdvertisements: true }))
        {
            refusals.Add($"subnet {subnet.Id} router advertisements", "Kea sends none; let a router send them, or use the driver dnsmasq");
        }

        if (model.IsEmpty)
        {
            return null;
        }

        var served = Distinct(model.Subnets);
        var reservations = model.ByMac.Values.Concat(model.ByDuid.Values).Distinct(ReferenceEqualityComparer.Instance).Cast<V6Reservation>().ToList();
        var options = new OptionPlan(KeaFamily.V6, FindRules(model, served, reservations), refusals);
        var keys = FindKeys(model);
        var onSubnet = plan.Network.Ports.SelectMany(port => port.FixedIps, (port, ip) => (ip.SubnetId, port.Id))
            .Distinct()
            .ToLookup(item => item.SubnetId, item => item.Id);
        var excluded = AddressRanges.Excluded(plan.Network, plan.Interface.Addresses.Select(address => address.Address), 6).ToList();
        var byPort = reservations.ToDictionary(reservation => reservation.PortId);
        var written = new List<(V6Subnet Subnet, KeaSubnet Written)>();
        foreach (var subnet in served)
        {
            var ports = onSubnet[subnet.Id].Where(byPort.ContainsKey).ToHashSet();
            var (data, classes) = options.LayOut(subnet.Id, ports, []);
            var reserved = ports.SelectMany(port => Reserve(byPort[port], subnet, keys[port], options)).ToList();
            written.Add((subnet, new KeaSubnet
            {
                Id = _numbers.Next(subnet.Id),
                Subnet = $"{subnet.Prefix.BaseAddress}/{subnet.Prefix.PrefixLength}",
                Pools = AddressRanges.Write(subnet.Pools, excluded, V6Address.ToIPAddress),
                ValidLifetime = 0,
                PreferredLifetime = LeaseTimes.Seconds(subnet.LeaseTime),
                OptionData = data,
                RequireClientClasses = classes,
                Reservations = reserved.Count > 0 ? reserved : null,
            }.WithTimes(subnet.LeaseTime, plan.Options, RebindShare)));
        }

        return new(Interfaces(served), Wires(written), [.. options.Classes]);
    }

    private IEnumerable<KeaReservation> Reserve(V6Reservation reservation, V6Subnet subnet, IEnumerable<KeaReservation> keys, OptionPlan options)
    {
        var addresses = reservation.Addresses.Where(subnet.Contains).Select(address => AddressText.Plain(V6Address.ToIPAddress(address))).ToList();
        var (data, classes) = options.Of(subnet.Id, reservation.PortId);
        if (addresses.Count == 0 && data is null && classes is null)
        {
            return [];
        }

        var name = HostNameGrammar.FindFault(reservation.Fqdn) is { } fault ? Refuse(reservation, fault) : reservation.Fqdn;
        return keys.Select(key => key with
        {
            IpAddresses = addresses.Count > 0 ? addresses : null,
            Hostname = name,
            OptionData = data,
            ClientClasses = classes,
        });
    }

    private string? Refuse(V6Reservation reservation, string fault)
    {
        refusals.Add($"port {reservation.PortId} name {RefusalList.Quote(reservation.Fqdn)}", fault);
        return null;
    }

    /// <summary>The names by which each port's client is known.</summary>
    private ILookup<PortId, KeaReservation> FindKeys(V6Model model)
    {
        var keys = model.ByMac.Select(item => (Port: item.Value.PortId, Key: new KeaReservation { HwAddress = item.Key.ToString() })).ToList();
        foreach (var (duid, reservation) in model.ByDuid)
        {
            if (ClientKeys.FindDuid(duid) is { } hex)
            {
                keys.Add((reservation.PortId, new() { Duid = hex }));
            }
            else
            {
                refusals.Add($"port {reservation.PortId} DUID {RefusalList.Quote(duid)}", "it is not 3 to 128 octets of hex; correct it");
            }
        }

        return keys.ToLookup(item => item.Port, item => item.Key);
    }

    private static IEnumerable<SendRule> FindRules(V6Model model, IEnumerable<V6Subnet> served, IEnumerable<V6Reservation> reservations) =>
        model.Options.Select(option => ToRule(option))
            .Concat(served.SelectMany(subnet => subnet.Options, (subnet, option) => ToRule(option) with { Subnet = subnet.Id }))
            .Concat(reservations.SelectMany(reservation => reservation.Options, (reservation, option) => ToRule(option) with { Port = reservation.PortId }));

    private static SendRule ToRule(V6Option option) => new()
    {
        Code = (int)option.Code,
        Value = option.Data,
        Tags = [.. option.Tags.Select(tag => tag.StartsWith('!') ? (tag[1..], true) : (tag, false))],
    };

    private List<V6Subnet> Distinct(IEnumerable<V6Subnet> candidates)
    {
        var seen = new HashSet<UInt128>();
        var distinct = new List<V6Subnet>();
        foreach (var subnet in candidates)
        {
            if (seen.Add(subnet.First) || distinct.All(other => other.Prefix != subnet.Prefix))
            {
                distinct.Add(subnet);
            }
            else
            {
                refusals.Add($"subnet {subnet.Id}", $"another subnet of the network has {subnet.Prefix}, too, and Kea serves it once");
            }
        }

        return distinct;
    }

    /// <summary>The link, and the addresses that relay agents send to.</summary>
    private List<string> Interfaces(List<V6Subnet> served)
    {
        var interfaces = new List<string> { plan.Interface.Device };
        if (served.Exists(subnet => !subnet.IsLocal))
        {
            interfaces.AddRange(plan.Interface.Addresses.Where(address => address.IsIPv6 && !address.Address.IsIPv6LinkLocal)
                .Select(address => $"{plan.Interface.Device}/{AddressText.Plain(address.Address)}"));
        }

        return interfaces;
    }

    private List<KeaSharedNetwork> Wires(List<(V6Subnet Subnet, KeaSubnet Written)> written) =>
        [.. written.GroupBy(item => item.Subnet.IsLocal ? "local" : $"relayed-{item.Subnet.Id}")
            .Select(wire => new KeaSharedNetwork
            {
                Name = wire.Key,
                Interface = wire.Key == "local" ? plan.Interface.Device : null,
                Subnet6 = [.. wire.Select(item => item.Written)],
            })];
}

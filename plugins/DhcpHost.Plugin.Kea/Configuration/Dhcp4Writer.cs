using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Serving;
using DhcpHost.Serving.V4;

namespace DhcpHost.Plugin.Kea.Configuration;

/// <summary>Writes what kea-dhcp4 serves.</summary>
internal sealed class Dhcp4Writer(DhcpPlan plan, SubnetSet subnets, bool matchClientId, RefusalList refusals)
{
    private const double RebindShare = 0.875;

    private readonly SubnetNumbers _numbers = new();

    /// <summary>Writes it; <c>null</c> where no IPv4 subnet is served, or the link has no IPv4 address to serve from.</summary>
    public ServedNetworks? Write()
    {
        var served = Distinct(subnets.All.Where(subnet => subnet is { EnableDhcp: true, IpVersion: 4 }));
        if (served.Count == 0)
        {
            return null;
        }

        var own = plan.Interface.Addresses.Where(address => !address.IsIPv6).Select(address => address.Address).ToList();
        if (own.Count == 0)
        {
            served.ForEach(
                subnet => refusals.Add($"subnet {subnet.Id}", $"{plan.Interface.Device} has no IPv4 address to serve from; give the host's port one"));
            return null;
        }

        var servers = FindServers(own);
        var domain = FindDomain();
        var rules = new OptionRules(plan, subnets, domain, refusals).Make();
        var options = new OptionPlan(
            KeaFamily.V4, [.. served.Select(Broadcast), .. rules.Where(rule => rule.Code != OptionNames.ServerIpAddress).Select(ToRule)], refusals);
        var nextServers = new NextServers(rules, refusals);
        var boot = BootClasses.Make(plan.Network, refusals);
        var reservations = new Dhcp4Reservations(plan, subnets, domain, refusals).Make(served);
        var excluded = AddressRanges.Excluded(plan.Network, own, 4).ToList();
        var written = new List<(Subnet Subnet, KeaSubnet Written)>();
        foreach (var subnet in served)
        {
            var mine = servers.FirstOrDefault(subnet.Cidr.Contains) ?? servers[0];
            var reserved = reservations[subnet.Id];
            var pools = DynamicPools.Of(subnet, refusals).Select(pool => (AddressRanges.ToNumber(pool.Start), AddressRanges.ToNumber(pool.End)));
            var (data, classes) = options.LayOut(subnet.Id, reserved.Select(item => item.Port).ToHashSet(), mine.GetAddressBytes());
            written.Add((subnet, new KeaSubnet
            {
                Id = _numbers.Next(subnet.Id),
                Subnet = $"{subnet.Cidr.BaseAddress}/{subnet.Cidr.PrefixLength}",
                Pools = AddressRanges.Write(pools, excluded, AddressRanges.ToIPv4),
                ValidLifetime = 0,
                MatchClientId = matchClientId,
                NextServer = nextServers.Of(subnet.Id) ?? boot?.NextServer ?? (boot is null ? null : mine.ToString()),
                ServerHostname = boot?.ServerName,
                BootFileName = boot?.FileName,
                OptionData = servers.Count == 1
                    ? data
                    : [.. data ?? [], new KeaOption((int)Dhcp.V4.Dhcpv4OptionCode.ServerIdentifier, Convert.ToHexString(mine.GetAddressBytes()))],
                RequireClientClasses = classes,
                Reservations = reserved.Count == 0 ? null : [.. reserved.Select(item => Complete(item, subnet.Id, options, nextServers))],
            }.WithTimes(subnet.LeaseTime ?? plan.Options.LeaseTime, plan.Options, RebindShare)));
        }

        return new([.. servers.Select(server => $"{plan.Interface.Device}/{server}")], Wires(written), [.. boot?.Classes ?? [], .. options.Classes]);
    }

    /// <summary>
    /// The addresses to serve from: one on each subnet, since clients renew at one that they have a way to. No more than that: Kea hears every broadcast
    /// once for each, and answers as often.
    /// </summary>
    private List<IPAddress> FindServers(List<IPAddress> own)
    {
        var servers = plan.Network.Subnets.Where(subnet => subnet.EnableDhcp)
            .Select(subnet => own.FirstOrDefault(subnet.Cidr.Contains))
            .OfType<IPAddress>()
            .Distinct()
            .ToList();
        return servers.Count > 0 ? servers : [own[0]];
    }

    private static KeaReservation Complete((PortId Port, KeaReservation Reservation) item, SubnetId subnet, OptionPlan options, NextServers nextServers)
    {
        var (data, classes) = options.Of(subnet, item.Port);
        return item.Reservation with { OptionData = data, ClientClasses = classes, NextServer = nextServers.Of(item.Port) };
    }

    private List<KeaSharedNetwork> Wires(List<(Subnet Subnet, KeaSubnet Written)> written)
    {
        var local = plan.Network.Subnets.Select(subnet => subnet.Id).ToHashSet();
        return [.. written
            .GroupBy(item => local.Contains(item.Subnet.Id) ? "local" : $"relayed-{item.Subnet.SegmentId?.Value ?? item.Subnet.Id.Value}")
            .Select(wire => new KeaSharedNetwork
            {
                Name = wire.Key,
                Interface = wire.Key == "local" ? plan.Interface.Device : null,
                Subnet4 = [.. wire.Select(item => item.Written)],
            })];
    }

    private List<Subnet> Distinct(IEnumerable<Subnet> candidates)
    {
        var seen = new HashSet<IPNetwork>();
        var distinct = new List<Subnet>();
        foreach (var subnet in candidates.DistinctBy(subnet => subnet.Id))
        {
            if (seen.Add(subnet.Cidr))
            {
                distinct.Add(subnet);
            }
            else
            {
                refusals.Add($"subnet {subnet.Id}", $"another subnet of the network has {subnet.Cidr}, too, and Kea serves it once");
            }
        }

        return distinct;
    }

    private string FindDomain()
    {
        var domain = plan.Network.DnsDomain ?? plan.Options.DnsDomain;
        if (domain.Length == 0 || HostNameGrammar.FindFault(domain) is not { } fault)
        {
            return domain.TrimEnd('.');
        }

        refusals.Add($"network {plan.Network.Id} domain {RefusalList.Quote(domain)}", fault);
        return "";
    }

    /// <summary>The subnet's broadcast address, which dnsmasq tells by itself.</summary>
    private static SendRule Broadcast(Subnet subnet)
    {
        var last = Address.ToNumber(subnet.Cidr.BaseAddress) | ~Address.Mask(subnet.Cidr.PrefixLength);
        return new() { Code = (int)Dhcp.V4.Dhcpv4OptionCode.BroadcastAddress, Value = Address.Of(last).GetAddressBytes(), Subnet = subnet.Id };
    }

    private static SendRule ToRule(OptionRule rule) => new()
    {
        Code = rule.Code,
        Value = rule.Value,
        Subnet = rule.Subnet,
        Port = rule.Port,
        Tags = rule.Tags,
        IsForced = rule.IsForced,
        HoldsAddresses = rule.HoldsAddresses,
    };
}

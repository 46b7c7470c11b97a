using System.Net;
using System.Net.Sockets;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Dhcp.V6;

namespace DhcpHost.Serving.V6;

/// <summary>Makes what DHCPv6 serves of a plan, by the same rules as Neutron's driver for dnsmasq.</summary>
public sealed class V6ModelBuilder
{
    private readonly DhcpPlan _plan;
    private readonly RefusalList _refusals;
    private readonly string _domain;
    private readonly List<Subnet> _all;

    private V6ModelBuilder(DhcpPlan plan, RefusalList refusals)
    {
        _plan = plan;
        _refusals = refusals;
        _domain = plan.Network.DnsDomain ?? plan.Options.DnsDomain;
        _all = [.. plan.Network.Subnets.Concat(plan.Network.NonLocalSubnets).Where(subnet => subnet.IpVersion == 6).DistinctBy(subnet => subnet.Id)];
    }

    /// <summary>Makes it.</summary>
    /// <param name="plan">What is to be served.</param>
    /// <param name="serverDuid">The server's own identifier.</param>
    /// <param name="refusals">What is not served is added to it.</param>
    public static V6Model Build(DhcpPlan plan, byte[] serverDuid, RefusalList refusals) => new V6ModelBuilder(plan, refusals).Build(serverDuid);

    private V6Model Build(byte[] serverDuid)
    {
        var subnets = (from subnet in _all let mode = FindMode(subnet) where mode is not null select Describe(subnet, mode.Value)).ToList();
        var byMac = new Dictionary<MacAddress, V6Reservation>();
        var byDuid = new Dictionary<string, V6Reservation>(StringComparer.Ordinal);
        var reserved = new Dictionary<UInt128, V6Reservation>();
        if (subnets.Count > 0)
        {
            AddPorts(subnets, byMac, byDuid, reserved);
        }

        return new()
        {
            ServerDuid = serverDuid,
            Subnets = subnets,
            OnLink = [.. _all.Select(subnet => V6Address.Range(subnet.Cidr))],
            ByMac = byMac,
            ByDuid = byDuid,
            Reserved = reserved,
            Options = subnets.Count == 0 ? []
                : [.. Encode("site's options", _plan.Options.DhcpOptions), .. Encode($"network {_plan.Network.Id}", _plan.Network.DhcpOptions)],
            RenewalTime = _plan.Options.RenewalTime,
            RebindingTime = _plan.Options.RebindingTime,
            MaxLeases = _plan.Options.MaxLeases,
        };
    }

    /// <summary>Whether DHCPv6 gives addresses on a subnet (true) or options alone (false); <c>null</c> where it has no part in it.</summary>
    private static bool? FindMode(Subnet subnet)
    {
        if (!subnet.EnableDhcp)
        {
            return null;
        }

        var mode = subnet.SendRouterAdvertisements && subnet.IPv6AddressMode == IPv6Mode.None ? subnet.IPv6RaMode : subnet.IPv6AddressMode;
        return mode switch
        {
            IPv6Mode.Dhcpv6Stateful => true,
            IPv6Mode.Dhcpv6Stateless => false,

            // As in Neutron: both modes unset means stateful; a router that advertises alone means that DHCPv6 has no part in it.
            IPv6Mode.None when subnet.SendRouterAdvertisements || subnet.IPv6RaMode == IPv6Mode.None => true,
            _ => null,
        };
    }

    private V6Subnet Describe(Subnet subnet, bool givesAddresses)
    {
        var (first, last) = V6Address.Range(subnet.Cidr);
        return new()
        {
            Id = subnet.Id,
            Prefix = subnet.Cidr,
            First = first,
            Last = last,
            IsLocal = _plan.Network.Subnets.Contains(subnet),
            GivesAddresses = givesAddresses,
            Pools = givesAddresses ? [.. DynamicPools.Of(subnet, _refusals).Select(pool => (V6Address.From(pool.Start), V6Address.From(pool.End)))] : [],
            LeaseTime = subnet.LeaseTime ?? _plan.Options.LeaseTime,
            Options = [.. OwnOptions(subnet), .. Encode($"subnet {subnet.Id}", subnet.DhcpOptions)],
        };
    }

    private List<V6Option> OwnOptions(Subnet subnet)
    {
        var options = new List<V6Option>();
        var servers = NameServers.Of(subnet) ?? OtherServers(subnet);
        if (servers.Count > 0)
        {
            options.Add(new(Dhcpv6OptionCode.DnsServers, [.. servers.SelectMany(server => server.GetAddressBytes())], []));
        }

        if (_domain.Length > 0)
        {
            if (V6OptionEncoder.Domains(_domain) is { } domain)
            {
                options.Add(new(Dhcpv6OptionCode.DomainList, domain, []));
            }
            else
            {
                _refusals.Add($"subnet {subnet.Id} domain", "it is no domain name; correct it");
            }
        }

        return options;
    }

    /// <summary>Several DHCP servers on a subnet without name servers of its own: clients are told all of them, as in Neutron.</summary>
    private List<IPAddress> OtherServers(Subnet subnet)
    {
        var servers = _plan.Network.Ports.Where(port => port.DeviceOwner == DeviceOwners.Dhcp)
            .SelectMany(port => port.FixedIps).Where(ip => ip.SubnetId == subnet.Id).Select(ip => ip.Address).ToList();
        return servers.Count > 1 ? servers : [];
    }

    private void AddPorts(
        List<V6Subnet> subnets,
        Dictionary<MacAddress, V6Reservation> byMac,
        Dictionary<string, V6Reservation> byDuid,
        Dictionary<UInt128, V6Reservation> reserved)
    {
        var stateful = subnets.Where(subnet => subnet.GivesAddresses).Select(subnet => subnet.Id).ToHashSet();
        foreach (var port in _plan.Network.Ports)
        {
            var addresses = port.FixedIps.Where(ip => ip.Address.AddressFamily == AddressFamily.InterNetworkV6).ToList();
            if (addresses.Count == 0
                || port.DeviceOwner is DeviceOwners.RouterHaInterface or DeviceOwners.FloatingIp or DeviceOwners.Dhcp or DeviceOwners.Distributed)
            {
                continue;
            }

            var reservation = new V6Reservation
            {
                PortId = port.Id,
                Addresses = [.. addresses.Where(ip => stateful.Contains(ip.SubnetId)).Select(ip => V6Address.From(ip.Address))],
                Fqdn = FindName(port, addresses[0].Address),
                Options = Encode($"port {port.Id}", port.ExtraDhcpOptions),
            };
            if (port.MacAddress is { } mac)
            {
                _ = byMac.TryAdd(mac, reservation);
            }

            if (port.Duid is { } duid)
            {
                _ = byDuid.TryAdd(duid.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant(), reservation);
            }

            foreach (var address in reservation.Addresses)
            {
                _ = reserved.TryAdd(address, reservation);
            }
        }
    }

    private string FindName(Port port, IPAddress address)
    {
        if (port.DnsAssignments.LastOrDefault(assignment => assignment.Address.Equals(address)) is { } assignment)
        {
            return assignment.Fqdn;
        }

        var domain = string.IsNullOrEmpty(port.DnsDomain) ? _domain : port.DnsDomain;
        var hostname = string.IsNullOrEmpty(port.DnsName) ? $"host-{address.ToString().Replace(':', '-')}" : port.DnsName;
        return domain.Length == 0 ? hostname : $"{hostname}.{domain}";
    }

    private List<V6Option> Encode(string owner, EquatableArray<ExtraDhcpOption> options)
    {
        var encoded = new List<V6Option>();
        foreach (var option in options.Where(option => option.IpVersion == 6))
        {
            var words = option.Name.Split(',');
            var tags = words[..^1].Select(word => word.StartsWith("tag:", StringComparison.Ordinal) ? word[4..] : null).ToList();
            var fault = tags.Contains(null) ? "words before its name are 'tag:x'" : null;
            var (code, data) = (default(Dhcpv6OptionCode), Array.Empty<byte>());
            fault ??= V6OptionEncoder.FindFault(words[^1], option.Value ?? "", out code, out data);
            if (fault is not null)
            {
                _refusals.Add($"{owner} option {RefusalList.Quote(option.Name)}", fault);
            }
            else
            {
                encoded.Add(new(code, data, [.. tags.OfType<string>()]));
            }
        }

        return encoded;
    }
}

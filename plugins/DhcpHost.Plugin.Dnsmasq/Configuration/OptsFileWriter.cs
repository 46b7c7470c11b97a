using System.Net;
using System.Text;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Serving;

namespace DhcpHost.Plugin.Dnsmasq.Configuration;

/// <summary>
/// Writes the file of options: the site's and the network's for all, then the subnets', then the ports'. dnsmasq prefers tagged options,
/// and of equals the later one.
/// </summary>
internal sealed class OptsFileWriter(DhcpPlan plan, SubnetSet subnets, string domain, RefusalList refusals)
{
    private readonly List<string> _lines = [];
    private readonly HashSet<SubnetId> _withoutNameservers = [];

    public string Write()
    {
        AddExtra("", "site's options:", plan.Options.DhcpOptions);
        AddExtra("", $"network {plan.Network.Id}", plan.Network.DhcpOptions);
        var routes = new ClasslessRoutes(plan, subnets);
        foreach (var subnet in subnets.All)
        {
            if (subnet.EnableDhcp && !(subnet.IpVersion == 6 && subnet.IPv6AddressMode == IPv6Mode.Slaac))
            {
                AddSubnet(subnet, routes);
            }
        }

        foreach (var port in plan.Network.Ports)
        {
            AddPort(port);
        }

        AddDhcpServersAsNameservers();
        return string.Join('\n', _lines);
    }

    private void AddSubnet(Subnet subnet, ClasslessRoutes routes)
    {
        var tag = PortTag.Match(subnet);
        var prefix = subnet.IpVersion == 6 ? "option6" : "option";
        switch (NameServers.Of(subnet))
        {
            case null:
                _ = _withoutNameservers.Add(subnet.Id);
                break;
            case []:
                Add($"subnet {subnet.Id}", $"{tag},{prefix}:dns-server");
                break;
            case var servers:
                Add($"subnet {subnet.Id} name servers", $"{tag},{prefix}:dns-server,{Literals(servers)}");
                break;
        }

        if (subnet.IpVersion == 6)
        {
            if (domain.Length > 0)
            {
                Add($"subnet {subnet.Id}", $"{tag},option6:domain-search,{domain}");
            }
        }
        else
        {
            var gateway = ClasslessRoutes.FindGateway(subnet);
            if (routes.Make(subnet, gateway) is { Count: > 0 } items)
            {
                var list = string.Join(',', items.Select(route => $"{route.Destination},{AddressText.Plain(route.NextHop)}"));
                Add($"subnet {subnet.Id} routes", $"{tag},option:classless-static-route,{list}");

                // Windows before Vista asks by this number.
                Add($"subnet {subnet.Id} routes", $"{tag},249,{list}");
            }

            Add($"subnet {subnet.Id}", gateway is null ? $"{tag},option:router" : $"{tag},option:router,{AddressText.Plain(gateway)}");
        }

        AddExtra(tag + ",", $"subnet {subnet.Id}", subnet.DhcpOptions, subnet.IpVersion);
    }

    private void AddPort(Port port)
    {
        var versions = port.FixedIps.Select(ip => ip.Address.IpVersion()).ToHashSet();
        foreach (var option in port.ExtraDhcpOptions)
        {
            // As in Neutron: an option of a family in which the port has no address is nobody's loss.
            if (!ClientIdentifier.IsOption(option) && versions.Contains(option.IpVersion))
            {
                AddExtra(PortTag.Match(port) + ",", $"port {port.Id}", [option]);
            }
        }
    }

    /// <summary>Several DHCP servers on one subnet without name servers of its own: clients are told all of them.</summary>
    private void AddDhcpServersAsNameservers()
    {
        var servers = plan.Network.Ports.Where(port => port.DeviceOwner == DeviceOwners.Dhcp)
            .SelectMany(port => port.FixedIps)
            .Where(ip => _withoutNameservers.Contains(ip.SubnetId))
            .GroupBy(ip => ip.SubnetId, ip => ip.Address);
        foreach (var subnet in servers)
        {
            foreach (var ipVersion in (ReadOnlySpan<int>)[4, 6])
            {
                var addresses = subnet.Where(address => address.IpVersion() == ipVersion).ToList();
                if (addresses.Count > 1)
                {
                    Add(
                        $"subnet {subnet.Key} name servers",
                        $"tag:subnet-{subnet.Key},{(ipVersion == 6 ? "option6" : "option")}:dns-server,{Literals(addresses)}");
                }
            }
        }
    }

    private void AddExtra(string tag, string owner, EquatableArray<ExtraDhcpOption> options, int? ipVersion = null)
    {
        foreach (var option in options)
        {
            var subject = $"{owner} option {RefusalList.Quote(option.Name)}";
            if (ipVersion is { } expected && option.IpVersion != expected)
            {
                refusals.Add(subject, $"it is of DHCPv{option.IpVersion} on an IPv{expected} subnet; put it on one of its own family");
            }
            else if ((OptionGrammar.FindNameFault(option.Name, option.IpVersion, out var tags, out var name)
                ?? (option.Value is null ? null : OptionGrammar.FindValueFault(option.Value))) is { } fault)
            {
                refusals.Add(subject, fault);
            }
            else
            {
                Add(subject, option.Value is null ? $"{tag}{tags}{name}" : $"{tag}{tags}{name},{option.Value}");
            }
        }
    }

    private void Add(string subject, string line)
    {
        if (Encoding.UTF8.GetByteCount(line) > OptionGrammar.MaxLineBytes)
        {
            refusals.Add(subject, $"it takes more than the {OptionGrammar.MaxLineBytes} bytes that dnsmasq reads of a line; make it shorter");
            return;
        }

        _lines.Add(line);
    }

    private static string Literals(IEnumerable<IPAddress> addresses) => string.Join(',', addresses.Select(AddressText.Bracketed));
}

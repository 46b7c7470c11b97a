using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Dhcp.V4;

namespace DhcpHost.Serving.V4;

/// <summary>Collects the option rules of a plan, in the order in which Neutron's driver for dnsmasq writes them.</summary>
public sealed partial class OptionRules(DhcpPlan plan, SubnetSet subnets, string domain, RefusalList refusals)
{
    private readonly List<OptionRule> _rules = [];

    public List<OptionRule> Make()
    {
        if (plan.Network.Mtu is > 0 and <= ushort.MaxValue)
        {
            Add(new() { Code = Dhcpv4OptionCode.InterfaceMtu, Value = [(byte)(plan.Network.Mtu >> 8), (byte)plan.Network.Mtu], IsForced = true });
        }

        if (domain.Length > 0)
        {
            Add(new() { Code = Dhcpv4OptionCode.DomainName, Value = Encoding.ASCII.GetBytes(domain) });
        }

        AddExtra("site's options:", plan.Options.DhcpOptions);
        AddExtra($"network {plan.Network.Id}", plan.Network.DhcpOptions);
        var routes = new ClasslessRoutes(plan, subnets);
        foreach (var subnet in subnets.All.Where(subnet => subnet is { EnableDhcp: true, IpVersion: 4 }))
        {
            AddSubnet(subnet, routes);
        }

        foreach (var port in plan.Network.Ports)
        {
            AddPort(port);
        }

        return _rules;
    }

    private void AddSubnet(Subnet subnet, ClasslessRoutes routes)
    {
        var servers = NameServers.Of(subnet) ?? Forwarders();
        Add(subnet, Dhcpv4OptionCode.DomainNameServer, Octets(servers.Where(server => server.IsIPv4())));
        var gateway = ClasslessRoutes.FindGateway(subnet);
        var list = new List<byte>();
        foreach (var route in routes.Make(subnet, gateway).Where(route => route.NextHop.IsIPv4()))
        {
            RouteEncoder.Add(route.Destination, route.NextHop, list);
        }

        if (list.Count > 0)
        {
            Add(subnet, Dhcpv4OptionCode.ClasslessStaticRoute, [.. list]);
            Add(subnet, Dhcpv4OptionCode.MicrosoftClasslessStaticRoute, [.. list]);
        }

        Add(subnet, Dhcpv4OptionCode.Router, gateway is null ? [] : gateway.GetAddressBytes());
        AddExtra($"subnet {subnet.Id}", subnet.DhcpOptions, subnet.Id, isSubnet: true);
    }

    /// <summary>These servers forward no DNS: clients ask the site's forwarders themselves.</summary>
    private List<IPAddress> Forwarders()
    {
        var addresses = new List<IPAddress>();
        foreach (var forwarder in plan.Options.Forwarders.Where(forwarder => forwarder.Address.IsIPv4()))
        {
            if (forwarder.IsPlain)
            {
                addresses.Add(forwarder.Address);
            }
            else
            {
                refusals.Add(
                    $"site's DNS forwarder {forwarder}",
                    $"this driver forwards no DNS, and clients cannot be told a port; name one at port {DnsForwarder.DefaultPort}, give subnets name servers "
                        + "of their own, or use dnsmasq");
            }
        }

        return addresses;
    }

    private void AddPort(Port port)
    {
        if (port.FixedIps.Any(ip => ip.Address.IsIPv4()))
        {
            AddExtra($"port {port.Id}", [.. port.ExtraDhcpOptions.Where(option => option.IpVersion == 4 && !ClientIdentifier.IsOption(option))], port: port.Id);
        }
    }

    private void AddExtra(string owner, EquatableArray<ExtraDhcpOption> options, SubnetId? subnet = null, PortId? port = null, bool isSubnet = false)
    {
        foreach (var option in options)
        {
            var subject = $"{owner} option {RefusalList.Quote(option.Name)}";
            if (option.IpVersion != 4)
            {
                if (isSubnet)
                {
                    refusals.Add(subject, $"it is of DHCPv{option.IpVersion} on an IPv4 subnet; put it on one of its own family");
                }

                continue;
            }

            if (FindFault(option, out var rule) is { } fault)
            {
                refusals.Add(subject, fault);
            }
            else
            {
                Add(rule! with { Subnet = subnet, Port = port });
            }
        }
    }

    private static string? FindFault(ExtraDhcpOption option, out OptionRule? rule)
    {
        rule = null;
        if (NamePattern().Match(option.Name) is not { Success: true } match)
        {
            return "an option is a name of letters, digits, '-', '_' and '+' or a number, after 'tag:x,' at most";
        }

        var word = match.Groups["option"].Value;
        byte code;
        OptionForm form;
        if (byte.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < byte.MaxValue)
        {
            code = number;
            form = OptionNames.FormOf(number);
        }
        else if (!OptionNames.TryFind(word, out code, out form))
        {
            return "there is no such option of DHCPv4; name it as dnsmasq does, or by its number from 1 to 254";
        }

        if (OptionNames.IsReserved(code))
        {
            return "it belongs to the protocol itself and is not for configuration";
        }

        byte[] value = [];
        if (!string.IsNullOrWhiteSpace(option.Value) && OptionEncoder.TryEncode(option.Value, form, out value) is { } fault)
        {
            return fault;
        }

        var tags = match.Groups["tag"].Captures.Select(capture => capture.Value)
            .Select(tag => tag.StartsWith('!') ? (tag[1..], true) : (tag, false)).ToList();
        var isAddresses = form == OptionForm.Addresses
            || (form == OptionForm.Guess && value.Length > 0 && value.Length % 4 == 0 && option.Value!.Contains("0.0.0.0", StringComparison.Ordinal));
        rule = new() { Code = code, Value = value, Tags = tags, HoldsAddresses = isAddresses };
        return null;
    }

    private void Add(Subnet subnet, byte code, byte[] value) => Add(new() { Code = code, Value = value, Subnet = subnet.Id });

    private void Add(OptionRule rule) => _rules.Add(rule);

    private static byte[] Octets(IEnumerable<IPAddress> addresses) => [.. addresses.SelectMany(address => address.GetAddressBytes())];

    [GeneratedRegex(@"\A(?:tag:(?<tag>!?[A-Za-z0-9_.-]+),)*(?<option>[A-Za-z0-9][A-Za-z0-9_+-]*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}

using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Serving;
using DhcpHost.Serving.V4;

namespace DhcpHost.Plugin.Kea.Configuration;

/// <summary>Neutron's option <c>server-ip-address</c>, which is no option but the header's field <c>siaddr</c>.</summary>
internal sealed class NextServers
{
    private readonly Dictionary<SubnetId, string> _bySubnet = [];
    private readonly Dictionary<PortId, string> _byPort = [];
    private readonly string? _all;

    public NextServers(IEnumerable<OptionRule> rules, RefusalList refusals)
    {
        foreach (var rule in rules.Where(rule => rule.Code == OptionNames.ServerIpAddress && rule.Value.Length == 4))
        {
            var address = new IPAddress(rule.Value).ToString();
            if (rule.Tags.Count > 0)
            {
                refusals.Add("option server-ip-address with a tag", "Kea does not tell clients' next servers apart by tags; leave the tag out");
            }
            else if (rule.Port is { } port)
            {
                _byPort[port] = address;
            }
            else if (rule.Subnet is { } subnet)
            {
                _bySubnet[subnet] = address;
            }
            else
            {
                _all = address;
            }
        }
    }

    public string? Of(SubnetId subnet) => _bySubnet.GetValueOrDefault(subnet) ?? _all;

    public string? Of(PortId port) => _byPort.GetValueOrDefault(port);
}

using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Serving;
using DhcpHost.Serving.V4;
using DhcpHost.Serving.V6;

namespace DhcpHost.Plugin.Kea.Configuration;

/// <summary>Pools as Kea takes them: in order, none over another, and without what is not to be given out, which dnsmasq leaves out by itself.</summary>
internal static class AddressRanges
{
    public static IReadOnlyList<KeaPool>? Write(
        IEnumerable<(UInt128 First, UInt128 Last)> ranges, IEnumerable<UInt128> excluded, Func<UInt128, IPAddress> toAddress)
    {
        var holes = excluded.Distinct().Order().ToList();
        var pools = new List<KeaPool>();
        foreach (var (start, last) in Merge(ranges))
        {
            var first = start;
            var isOpen = true;
            foreach (var hole in holes)
            {
                if (hole < first || hole > last)
                {
                    continue;
                }

                Add(first, hole - 1, hole > first);
                isOpen = hole < last;
                first = hole + (isOpen ? UInt128.One : UInt128.Zero);
            }

            Add(first, last, isOpen);
        }

        return pools.Count > 0 ? pools : null;

        void Add(UInt128 first, UInt128 last, bool hasAny)
        {
            if (hasAny)
            {
                pools.Add(new($"{AddressText.Plain(toAddress(first))}-{AddressText.Plain(toAddress(last))}"));
            }
        }
    }

    /// <summary>Addresses of a network that no client gets, in one family: the server's, gateways, and those of ports that ask for no DHCP.</summary>
    public static IEnumerable<UInt128> Excluded(Network network, IEnumerable<IPAddress> own, int ipVersion) =>
        own.Concat(network.Subnets.Concat(network.NonLocalSubnets).Select(subnet => subnet.GatewayIp).OfType<IPAddress>())
            .Concat(network.Ports
                .Where(port => port.DeviceOwner is DeviceOwners.RouterHaInterface or DeviceOwners.FloatingIp or DeviceOwners.Dhcp or DeviceOwners.Distributed)
                .SelectMany(port => port.FixedIps).Select(ip => ip.Address))
            .Where(address => address.IpVersion() == ipVersion)
            .Select(ToNumber);

    public static UInt128 ToNumber(IPAddress address) => address.IpVersion() == 4 ? Address.ToNumber(address) : V6Address.From(address);

    public static IPAddress ToIPv4(UInt128 number) => Address.Of((uint)number);

    private static List<(UInt128 First, UInt128 Last)> Merge(IEnumerable<(UInt128 First, UInt128 Last)> ranges)
    {
        var merged = new List<(UInt128 First, UInt128 Last)>();
        foreach (var range in ranges.OrderBy(range => range.First))
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last)
            {
                merged[^1] = (merged[^1].First, UInt128.Max(merged[^1].Last, range.Last));
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged;
    }
}

using System.Globalization;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Serving;

namespace DhcpHost.Plugin.Dnsmasq.Configuration;

/// <summary>Makes the <c>--dhcp-range</c>s of a subnet.</summary>
internal sealed class RangeArguments(ServerOptions options, RefusalList refusals)
{
    private const int SlaacPrefixLength = 64;

    /// <summary>A range that was made advertises a prefix.</summary>
    public bool Advertises { get; private set; }

    /// <summary>A range that was made advertises that addresses come by DHCPv6.</summary>
    public bool AdvertisesManaged { get; private set; }

    public List<string> Make(Subnet subnet)
    {
        if (!subnet.EnableDhcp)
        {
            return [];
        }

        if (subnet.IpVersion == 4)
        {
            return Make(subnet, "static", AddressText.Netmask(subnet.Cidr.PrefixLength).ToString());
        }

        var (mode, isManaged) = FindIPv6Mode(subnet);
        if (mode is null)
        {
            return [];
        }

        if (subnet.Cidr.PrefixLength < SlaacPrefixLength)
        {
            // Silent for Neutron's sake, where such a subnet is served by nobody; a wish for advertisements is told.
            if (subnet.SendRouterAdvertisements || !subnet.DynamicPools.IsEmpty)
            {
                refusals.Add($"subnet {subnet.Id}", $"dnsmasq serves no IPv6 prefix shorter than {SlaacPrefixLength} bits; make it longer");
            }

            return [];
        }

        Advertises |= subnet.SendRouterAdvertisements;
        AdvertisesManaged |= subnet.SendRouterAdvertisements && isManaged;
        return Make(subnet, mode, subnet.Cidr.PrefixLength.ToString(CultureInfo.InvariantCulture));
    }

    private List<string> Make(Subnet subnet, string mode, string mask)
    {
        var lease = LeaseTime(subnet);
        if (subnet.DynamicPools.IsEmpty || mode is not "static")
        {
            return [$"--dhcp-range={PortTag.Set(subnet)},{AddressText.Plain(subnet.Cidr.BaseAddress)},{mode},{mask},{lease}"];
        }

        var ranges = DynamicPools.Of(subnet, refusals)
            .Select(pool => $"--dhcp-range={PortTag.Set(subnet)},{AddressText.Plain(pool.Start)},{AddressText.Plain(pool.End)},{mask},{lease}")
            .ToList();

        return ranges.Count > 0 ? ranges : [$"--dhcp-range={PortTag.Set(subnet)},{AddressText.Plain(subnet.Cidr.BaseAddress)},static,{mask},{lease}"];
    }

    private (string? Mode, bool IsManaged) FindIPv6Mode(Subnet subnet)
    {
        if (subnet.SendRouterAdvertisements)
        {
            var mode = subnet.IPv6AddressMode == IPv6Mode.None ? subnet.IPv6RaMode : subnet.IPv6AddressMode;
            if (mode is IPv6Mode.Slaac or IPv6Mode.Dhcpv6Stateless && subnet.Cidr.PrefixLength != SlaacPrefixLength)
            {
                refusals.Add(
                    $"subnet {subnet.Id}",
                    $"clients make addresses of their own only in a prefix of {SlaacPrefixLength} bits (RFC 4862); it is not advertised");
                return (null, false);
            }

            return mode switch
            {
                IPv6Mode.Slaac => ("ra-only", false),
                IPv6Mode.Dhcpv6Stateless => ("ra-stateless", false),
                _ => ("static", true),
            };
        }

        // As in Neutron: both modes unset means stateful; a router that advertises alone means that DHCPv6 has no part in it.
        return subnet.IPv6AddressMode is IPv6Mode.Dhcpv6Stateful or IPv6Mode.Dhcpv6Stateless
            || (subnet.IPv6AddressMode == IPv6Mode.None && subnet.IPv6RaMode == IPv6Mode.None)
            ? ("static", false)
            : (null, false);
    }

    private string LeaseTime(Subnet subnet)
    {
        var time = subnet.LeaseTime ?? options.LeaseTime;
        return SubnetSet.IsEndless(subnet, options) ? "infinite" : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (long)time.TotalSeconds)}s");
    }
}

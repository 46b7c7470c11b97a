using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Dhcp.RouterAdvertisements;
using DhcpHost.Serving;
using DhcpHost.Serving.V6;

namespace DhcpHost.Plugin.InProcess.RouterAdvertisements;

/// <summary>What a network's advertisements say: made of a plan, never changed.</summary>
/// <param name="Advertisement">All but the sender's hardware address.</param>
internal sealed record AdvertisementModel(RouterAdvertisement Advertisement)
{
    private const int SlaacPrefixLength = 64;

    // Name servers of an advertisement that did not come are not asked any longer (RFC 8106 section 5.1: three times the greatest interval).
    private static readonly TimeSpan DnsLifetime = TimeSpan.FromSeconds(1800);

    // A prefix outlives a few lost advertisements, however short leases are.
    private static readonly TimeSpan MinPrefixLifetime = TimeSpan.FromHours(2);

    /// <summary>Makes it; <c>null</c> where no subnet asks for advertisements.</summary>
    public static AdvertisementModel? Build(DhcpPlan plan, RefusalList refusals)
    {
        var prefixes = new List<AdvertisedPrefix>();
        var servers = new List<IPAddress>();
        var (isManaged, hasOther) = (false, false);
        foreach (var subnet in plan.Network.Subnets)
        {
            if (subnet is not { IpVersion: 6, EnableDhcp: true, SendRouterAdvertisements: true })
            {
                continue;
            }

            var mode = subnet.IPv6AddressMode == IPv6Mode.None ? subnet.IPv6RaMode : subnet.IPv6AddressMode;
            var isAutonomous = mode is IPv6Mode.Slaac or IPv6Mode.Dhcpv6Stateless;
            if (isAutonomous && subnet.Cidr.PrefixLength != SlaacPrefixLength)
            {
                refusals.Add(
                    $"subnet {subnet.Id}",
                    $"clients make addresses of their own only in a prefix of {SlaacPrefixLength} bits (RFC 4862); it is not advertised");
                continue;
            }

            var lifetime = Seconds(subnet.LeaseTime ?? plan.Options.LeaseTime);
            prefixes.Add(new(subnet.Cidr, isAutonomous, lifetime, lifetime));
            servers.AddRange(NameServers.Of(subnet) ?? []);
            isManaged |= !isAutonomous;
            hasOther |= mode != IPv6Mode.Slaac;
        }

        return prefixes.Count == 0 ? null : new(new RouterAdvertisement
        {
            IsManaged = isManaged,
            HasOtherConfiguration = hasOther,
            Mtu = (uint)plan.Network.Mtu,
            Prefixes = prefixes,
            DnsServers = [.. servers.Distinct()],
            SearchDomain = V6OptionEncoder.Domains(plan.Network.DnsDomain ?? plan.Options.DnsDomain) ?? [],
            DnsLifetime = (uint)DnsLifetime.TotalSeconds,
        });
    }

    private static uint Seconds(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? uint.MaxValue
        : (uint)Math.Clamp(time.TotalSeconds, MinPrefixLifetime.TotalSeconds, uint.MaxValue - 1);
}

using DhcpHost.Plugin.Files.Addresses;
using DhcpHost.Plugin.Files.Config;

namespace DhcpHost.Plugin.Files.Rules;

/// <summary>Pools lie in their subnet, do not overlap, and hold neither the gateway nor the server.</summary>
internal sealed class PoolRule : INetworkConfigRule
{
    private const int MaxPools = 256;

    /// <summary>As many leases as a server holds at most, see <c>ServerOptions.MaxLeases</c>.</summary>
    private const int MaxAddresses = 1 << 24;

    public void Check(NetworkConfig network, NetworkFindings findings)
    {
        for (var i = 0; i < network.Subnets.Count; i++)
        {
            var subnet = network.Subnets[i];
            var key = $"subnets[{i}]";
            if (subnet.Pools.Count > MaxPools)
            {
                findings.Add($"{key}.pools", $"must have at most {MaxPools} pools, has {subnet.Pools.Count}");
                continue;
            }

            if (!subnet.Pools.IsEmpty && subnet.Ipv6Mode is SubnetIpv6Mode.Slaac or SubnetIpv6Mode.Stateless)
            {
                findings.Add($"{key}.pools", "has no use: on this subnet clients make their own addresses", "remove it, or set ipv6_mode to \"stateful\"");
            }

            CheckPools(subnet, key, findings);
        }
    }

    private static void CheckPools(SubnetConfig subnet, string key, NetworkFindings findings)
    {
        for (var i = 0; i < subnet.Pools.Count; i++)
        {
            var (start, end) = subnet.Pools[i];
            var place = $"{key}.pools[{i}]";
            if (!AddressNumber.IsUsable(subnet.Cidr, start))
            {
                findings.Add($"{place}.start", $"must be a host's address in {subnet.Cidr}, is {start}");
                continue;
            }

            if (!AddressNumber.IsUsable(subnet.Cidr, end))
            {
                findings.Add($"{place}.end", $"must be a host's address in {subnet.Cidr}, is {end}");
                continue;
            }

            var (first, last) = (AddressNumber.Of(start), AddressNumber.Of(end));
            if (last < first)
            {
                findings.Add($"{place}.end", $"must not be below the pool's start {start}, is {end}");
                continue;
            }

            if (last - first >= MaxAddresses)
            {
                findings.Add(place, $"must have at most {MaxAddresses} addresses, has {last - first + 1}");
            }

            CheckInside(subnet, i, findings, place);
        }
    }

    private static void CheckInside(SubnetConfig subnet, int index, NetworkFindings findings, string place)
    {
        var pool = AddressRange.Of(subnet.Pools[index]);
        if (subnet.Gateway is { } gateway && pool.Contains(gateway))
        {
            findings.Add(place, $"holds the gateway's address {gateway}");
        }

        if (subnet.ServerAddress is { } server && pool.Contains(server))
        {
            findings.Add(place, $"holds the server's address {server}");
        }

        for (var other = 0; other < index; other++)
        {
            if (AddressRange.Of(subnet.Pools[other]) is var before && before.First <= pool.Last && pool.First <= before.Last)
            {
                findings.Add(place, $"overlaps pools[{other}], {subnet.Pools[other].Start} to {subnet.Pools[other].End}");
            }
        }
    }
}

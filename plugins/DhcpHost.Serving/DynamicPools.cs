using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Serving;

/// <summary>The ranges of addresses that a subnet gives to clients that nobody knows.</summary>
public static class DynamicPools
{
    /// <summary>Those that are ranges within the subnet; the others are refused.</summary>
    public static IReadOnlyList<AllocationPool> Of(Subnet subnet, RefusalList refusals)
    {
        ArgumentNullException.ThrowIfNull(subnet);
        ArgumentNullException.ThrowIfNull(refusals);
        var pools = new List<AllocationPool>();
        foreach (var pool in subnet.DynamicPools)
        {
            if (subnet.Cidr.Contains(pool.Start) && subnet.Cidr.Contains(pool.End) && AddressText.Compare(pool.Start, pool.End) <= 0)
            {
                pools.Add(pool);
            }
            else
            {
                refusals.Add(
                    $"subnet {subnet.Id} pool {AddressText.Plain(pool.Start)}-{AddressText.Plain(pool.End)}",
                    $"it is not a range within {subnet.Cidr}; correct its ends");
            }
        }

        return pools;
    }
}

using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Serving.V6;

/// <summary>What DHCPv6 serves on a network: made of a plan, never changed.</summary>
public sealed class V6Model
{
    /// <summary>The server's own identifier (RFC 8415 section 11).</summary>
    public required byte[] ServerDuid { get; init; }

    /// <summary>The subnets that it serves.</summary>
    public required IReadOnlyList<V6Subnet> Subnets { get; init; }

    /// <summary>All IPv6 prefixes that are on the link, served or not: what a Confirm is compared with.</summary>
    public required IReadOnlyList<(UInt128 First, UInt128 Last)> OnLink { get; init; }

    /// <summary>Ports by MAC address.</summary>
    public required IReadOnlyDictionary<MacAddress, V6Reservation> ByMac { get; init; }

    /// <summary>Ports by DUID, as lower-case hex.</summary>
    public required IReadOnlyDictionary<string, V6Reservation> ByDuid { get; init; }

    /// <summary>All addresses that are reserved, and for whom: no pool gives them out.</summary>
    public required IReadOnlyDictionary<UInt128, V6Reservation> Reserved { get; init; }

    /// <summary>What all clients are told.</summary>
    public required IReadOnlyList<V6Option> Options { get; init; }

    /// <summary>T1; <c>null</c> for half of the lease.</summary>
    public TimeSpan? RenewalTime { get; init; }

    /// <summary>T2; <c>null</c> for four fifths of the lease (RFC 8415 section 21.4).</summary>
    public TimeSpan? RebindingTime { get; init; }

    /// <summary>The most bindings that it makes for clients that nobody knows.</summary>
    public required int MaxLeases { get; init; }

    /// <summary>Whether there is anything to serve.</summary>
    public bool IsEmpty => Subnets.Count == 0;

    /// <summary>The subnet that an address is of.</summary>
    public V6Subnet? FindSubnet(UInt128 address)
    {
        foreach (var subnet in Subnets)
        {
            if (subnet.Contains(address))
            {
                return subnet;
            }
        }

        return null;
    }

    /// <summary>Whether an address fits the link at all.</summary>
    public bool IsOnLink(UInt128 address)
    {
        foreach (var (first, last) in OnLink)
        {
            if (first <= address && address <= last)
            {
                return true;
            }
        }

        return false;
    }
}

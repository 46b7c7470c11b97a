using DhcpHost.Abstractions.Networks;
using DhcpHost.Plugin.InProcess.Leases;
using DhcpHost.Plugin.InProcess.V4.Options;
using DhcpHost.Serving.V4;

namespace DhcpHost.Plugin.InProcess.V4;

/// <summary>What a network's clients are served by DHCPv4: immutable, but for what it works out once and keeps.</summary>
internal sealed class Dhcpv4Model
{
    private readonly Dictionary<(Dhcpv4Subnet, Reservation?, ClientTags), OptionSet> _sets = [];

    /// <summary>All subnets that are served.</summary>
    public required Dhcpv4Subnet[] Subnets { get; init; }

    /// <summary>Those that are on the link itself.</summary>
    public required Dhcpv4Subnet[] LocalSubnets { get; init; }

    public required IReadOnlyList<OptionRule> Rules { get; init; }

    public required Dictionary<MacAddress, List<Reservation>> ByMac { get; init; }

    public required Dictionary<byte[], List<Reservation>> ByClientId { get; init; }

    /// <summary>Who owns an address.</summary>
    public required Dictionary<uint, Reservation> ByAddress { get; init; }

    /// <summary>Addresses that no client gets: the server's own and the gateways'.</summary>
    public required HashSet<uint> Excluded { get; init; }

    /// <summary>The server's own addresses.</summary>
    public required uint[] OwnAddresses { get; init; }

    public BootRules? Boot { get; init; }

    public bool BroadcastReplies { get; init; }

    public int MaxLeases { get; init; }

    /// <summary>T1 in seconds; 0 for half of the lease.</summary>
    public uint RenewalTime { get; init; }

    /// <summary>T2 in seconds; 0 for seven eighths of the lease.</summary>
    public uint RebindingTime { get; init; }

    /// <summary>The reservations of a client: by its identifier, else by its hardware address.</summary>
    public List<Reservation>? FindReservations(ReadOnlySpan<byte> clientId, MacAddress? mac)
    {
        if (!clientId.IsEmpty && ByClientId.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(clientId, out var found))
        {
            return found;
        }

        return mac is { } known ? ByMac.GetValueOrDefault(known) : null;
    }

    /// <summary>The subnet that an address is on.</summary>
    public Dhcpv4Subnet? FindSubnet(uint address)
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

    /// <summary>The options of a client. On the loop's thread, which keeps them.</summary>
    public OptionSet GetOptions(Dhcpv4Subnet subnet, Reservation? reservation, ClientTags tags)
    {
        // Ports without options of their own are all alike.
        var owner = reservation?.Port.ExtraDhcpOptions.IsEmpty == false ? reservation : null;
        if (!_sets.TryGetValue((subnet, owner, tags), out var set))
        {
            set = OptionSet.Choose(Rules, subnet, reservation, tags);
            _sets.Add((subnet, owner, tags), set);
        }

        return set;
    }

    /// <summary>Whether a lease may stay under this model.</summary>
    public bool Allows(LeaseRecord lease)
    {
        var address = (uint)lease.Address;
        if (ByAddress.TryGetValue(address, out var owner))
        {
            return lease.State == LeaseState.Declined
                || owner.Port.MacAddress == lease.MacAddress
                || owner.ClientIds.Any(id => id.AsSpan().SequenceEqual(ClientKey.Identifier(lease.Client)));
        }

        return FindSubnet(address)?.IsDynamic(address) == true && !Excluded.Contains(address);
    }
}

using DhcpHost.Abstractions.Networks;
using DhcpHost.Serving.V4;

namespace DhcpHost.Plugin.InProcess.V4;

/// <summary>Who sent a request.</summary>
internal readonly ref struct Dhcpv4Client
{
    /// <summary>By what its leases are known.</summary>
    public required ReadOnlySpan<byte> Key { get; init; }

    public MacAddress? Mac { get; init; }

    /// <summary>The port that is its, with an address on the wire where there is one.</summary>
    public Reservation? Reservation { get; init; }

    public ClientTags Tags { get; init; }

    /// <summary>The subnets that it may have an address of.</summary>
    public required Dhcpv4Subnet[] Wire { get; init; }

    /// <summary>The address of its own on its wire: the one asked for if that is its, else the first.</summary>
    public ReservedAddress? FindReserved(uint wanted)
    {
        ReservedAddress? first = null;
        foreach (var address in Reservation is null ? default : Reservation.Addresses.AsSpan())
        {
            if (Array.IndexOf(Wire, address.Subnet) >= 0)
            {
                if (address.Address == wanted)
                {
                    return address;
                }

                first ??= address;
            }
        }

        return first;
    }

    /// <summary>The subnet of its wire that an address is on.</summary>
    public Dhcpv4Subnet? FindSubnet(uint address)
    {
        foreach (var subnet in Wire)
        {
            if (subnet.Contains(address))
            {
                return subnet;
            }
        }

        return null;
    }
}

using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.InProcess.V4;

/// <summary>A port as the server knows it: who its client is, and the addresses that are its.</summary>
internal sealed class Reservation
{
    public required Port Port { get; init; }

    /// <summary>The client identifiers that it is known by; a text is also taken behind a zero octet, as many clients send it.</summary>
    public IReadOnlyList<byte[]> ClientIds { get; init; } = [];

    /// <summary>The client is known by its hardware address, whatever identifier it sends (dnsmasq's <c>id:*</c>).</summary>
    public bool IgnoresClientId { get; init; }

    /// <summary>Its addresses on subnets that are served.</summary>
    public required ReservedAddress[] Addresses { get; init; }

    /// <summary>Whether one of them is on a wire.</summary>
    public bool HasAddressOn(Dhcpv4Subnet[] wire)
    {
        foreach (var address in Addresses)
        {
            if (Array.IndexOf(wire, address.Subnet) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}

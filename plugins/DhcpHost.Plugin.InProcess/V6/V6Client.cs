using DhcpHost.Abstractions.Networks;
using DhcpHost.Dhcp.V6;
using DhcpHost.Serving.V6;

namespace DhcpHost.Plugin.InProcess.V6;

/// <summary>Who asks, and for what.</summary>
internal readonly ref struct V6Client
{
    /// <summary>Its DUID; empty where it told none.</summary>
    public ReadOnlySpan<byte> Duid { get; init; }

    /// <summary>Its MAC address, where it can be known.</summary>
    public MacAddress? Mac { get; init; }

    /// <summary>The port that it is, where it is one.</summary>
    public V6Reservation? Reservation { get; init; }

    /// <summary>An address of its link as a relay agent tells it; empty for this one.</summary>
    public ReadOnlySpan<byte> Link { get; init; }

    /// <summary>The firmware of a network boot asks (user class iPXE).</summary>
    public bool IsIpxe { get; init; }

    /// <summary>The message.</summary>
    public Dhcpv6Message Message { get; init; }

    /// <summary>Whether a subnet is on its link.</summary>
    public bool Reaches(V6Subnet subnet) => Link.IsEmpty ? subnet.IsLocal : subnet.Contains(V6Address.Read(Link));

    /// <summary>Whether it has a tag, as dnsmasq knows them.</summary>
    public bool Has(string tag)
    {
        var isNegated = tag.StartsWith('!');
        var has = (isNegated ? tag[1..] : tag) switch
        {
            "dhcpv6" => true,
            "ipxe6" => IsIpxe,
            "known" => Reservation is not null,
            var word => Reservation is { } port && word.StartsWith("port-", StringComparison.Ordinal) && word.AsSpan(5).SequenceEqual(port.PortId.Value),
        };
        return has != isNegated;
    }
}

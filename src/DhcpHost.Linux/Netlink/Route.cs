using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using static DhcpHost.Linux.Netlink.NetlinkConstants;

namespace DhcpHost.Linux.Netlink;

/// <summary>A unicast route of the main table.</summary>
/// <param name="Destination">Where to; 0.0.0.0/0 or ::/0 is the default route.</param>
/// <param name="Gateway">Next hop; null for a destination that is on the link itself.</param>
/// <param name="LinkIndex">Through which link; 0 lets the kernel choose by the gateway.</param>
/// <param name="IsOnLink">The gateway is reached on the link although no address of the link covers it.</param>
/// <param name="Metric">Lower wins; 0 lets the kernel choose (IPv6: 1024).</param>
/// <param name="Source">Preferred source address.</param>
public sealed record Route(
    IPNetwork Destination, IPAddress? Gateway, int LinkIndex, bool IsOnLink = false, uint Metric = 0, IPAddress? Source = null)
{
    private static readonly IPNetwork Any4 = new(IPAddress.Any, 0);
    private static readonly IPNetwork Any6 = new(IPAddress.IPv6Any, 0);

    /// <summary>Who added it, RTPROT_* of linux/rtnetlink.h: 2 the kernel itself, 4 an administrator (what this layer adds).</summary>
    public byte Protocol { get; init; } = RTPROT_STATIC;

    /// <summary>Whether the destination is everything.</summary>
    public bool IsDefault => Destination.PrefixLength == 0;

    internal byte Family =>
        Destination.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 ? (byte)Interop.Libc.AF_INET6 : (byte)Interop.Libc.AF_INET;

    /// <summary>The default route through a gateway, of the gateway's family.</summary>
    public static Route Default(IPAddress gateway, int linkIndex, bool isOnLink = false) =>
        new(gateway.AddressFamily == AddressFamily.InterNetworkV6 ? Any6 : Any4, gateway, linkIndex, isOnLink);

    /// <inheritdoc />
    public override string ToString() => Gateway is null ? $"{Destination} dev {LinkIndex}" : $"{Destination} via {Gateway} dev {LinkIndex}";

    /// <summary>Null for what is no unicast route of the main table.</summary>
    internal static unsafe Route? Parse(ReadOnlySpan<byte> body)
    {
        if (body.Length < sizeof(RouteHeader))
        {
            return null;
        }
        var header = MemoryMarshal.Read<RouteHeader>(body);
        uint table = header.Table;
        var any = header.Family == Interop.Libc.AF_INET6 ? Any6 : Any4;
        var route = new Route(any, null, 0, (header.Flags & RTNH_F_ONLINK) != 0) { Protocol = header.Protocol };
        var attributes = new AttributeReader(body[sizeof(RouteHeader)..]);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case RTA_DST:
                    route = route with { Destination = new IPNetwork(new IPAddress(attributes.Value), header.DestinationLength) };
                    break;
                case RTA_GATEWAY:
                    route = route with { Gateway = new IPAddress(attributes.Value) };
                    break;
                case RTA_OIF:
                    route = route with { LinkIndex = (int)attributes.UInt32 };
                    break;
                case RTA_PRIORITY:
                    route = route with { Metric = attributes.UInt32 };
                    break;
                case RTA_PREFSRC:
                    route = route with { Source = new IPAddress(attributes.Value) };
                    break;
                case RTA_TABLE:
                    table = attributes.UInt32;
                    break;
            }
        }
        return table == RT_TABLE_MAIN && header.Type == RTN_UNICAST ? route : null;
    }
}

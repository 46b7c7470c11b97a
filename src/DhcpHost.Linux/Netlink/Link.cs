using System.Runtime.InteropServices;
using DhcpHost.Abstractions.Networks;
using static DhcpHost.Linux.Netlink.NetlinkConstants;

namespace DhcpHost.Linux.Netlink;

/// <summary>A network interface as the kernel shows it.</summary>
/// <param name="Index">Its number in its namespace; a moved link may get another.</param>
/// <param name="Name">Its name (at most 15 bytes).</param>
/// <param name="IsUp">Set up by an administrator (IFF_UP).</param>
/// <param name="HasCarrier">The layer below is up (IFF_LOWER_UP): of a veth, that its peer is up, too.</param>
/// <param name="Mtu">In bytes.</param>
/// <param name="Mac">Null where it has none of 48 bits.</param>
/// <param name="MasterIndex">The bridge that it is a port of; 0 for none.</param>
/// <param name="PeerIndex">Of a veth: its peer's index, in the peer's namespace; 0 for none.</param>
/// <param name="Kind">Such as <c>veth</c> and <c>bridge</c>; null for a device without one.</param>
public sealed record Link(
    int Index, string Name, bool IsUp, bool HasCarrier, int Mtu, MacAddress? Mac, int MasterIndex, int PeerIndex, string? Kind)
{
    private const int MacLength = 6;

    internal static unsafe Link? Parse(ReadOnlySpan<byte> body)
    {
        if (body.Length < sizeof(LinkHeader))
        {
            return null;
        }
        var header = MemoryMarshal.Read<LinkHeader>(body);
        var link = new Link(
            header.Index, "", (header.Flags & IFF_UP) != 0, (header.Flags & IFF_LOWER_UP) != 0, 0, null, 0, 0, null);
        var attributes = new AttributeReader(body[sizeof(LinkHeader)..]);
        while (attributes.Next())
        {
            link = attributes.Type switch
            {
                IFLA_IFNAME => link with { Name = attributes.Text },
                IFLA_MTU => link with { Mtu = (int)attributes.UInt32 },
                IFLA_ADDRESS when attributes.Value.Length == MacLength => link with { Mac = new MacAddress(attributes.Value) },
                IFLA_MASTER => link with { MasterIndex = (int)attributes.UInt32 },
                IFLA_LINK => link with { PeerIndex = (int)attributes.UInt32 },
                IFLA_LINKINFO => link with { Kind = ParseKind(attributes.Value) },
                _ => link,
            };
        }
        return link;
    }

    private static string? ParseKind(ReadOnlySpan<byte> value)
    {
        var attributes = new AttributeReader(value);
        while (attributes.Next())
        {
            if (attributes.Type is IFLA_INFO_KIND)
            {
                return attributes.Text;
            }
        }
        return null;
    }
}

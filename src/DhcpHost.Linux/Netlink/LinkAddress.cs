using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using static DhcpHost.Linux.Netlink.NetlinkConstants;

namespace DhcpHost.Linux.Netlink;

/// <summary>An IP address of a link.</summary>
/// <param name="LinkIndex">The link.</param>
/// <param name="Address">IPv4 or IPv6.</param>
/// <param name="PrefixLength">Of its network.</param>
/// <param name="Flags">Asked for, or as the kernel shows them.</param>
public sealed record LinkAddress(int LinkIndex, IPAddress Address, int PrefixLength, LinkAddressFlags Flags = LinkAddressFlags.None)
{
    /// <summary>IPv6: duplicate address detection is still going on, a socket cannot bind to it.</summary>
    public bool IsTentative => Flags.HasFlag(LinkAddressFlags.Tentative) && !Flags.HasFlag(LinkAddressFlags.Optimistic);

    /// <summary>IPv6: another node has this address.</summary>
    public bool IsDuplicate => Flags.HasFlag(LinkAddressFlags.DadFailed);

    /// <summary>IPv6 fe80::/10, which the kernel adds by itself.</summary>
    public bool IsLinkLocal => Address.IsIPv6LinkLocal;

    internal byte Family => Address.AddressFamily == AddressFamily.InterNetworkV6 ? (byte)Interop.Libc.AF_INET6 : (byte)Interop.Libc.AF_INET;

    /// <inheritdoc />
    public override string ToString() => $"{Address}/{PrefixLength}";

    internal static unsafe LinkAddress? Parse(ReadOnlySpan<byte> body)
    {
        if (body.Length < sizeof(AddressHeader))
        {
            return null;
        }
        var header = MemoryMarshal.Read<AddressHeader>(body);
        uint flags = header.Flags;
        IPAddress? local = null;
        IPAddress? address = null;
        var attributes = new AttributeReader(body[sizeof(AddressHeader)..]);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                // On point-to-point links IFA_ADDRESS is the other end's.
                case IFA_LOCAL:
                    local = new IPAddress(attributes.Value);
                    break;
                case IFA_ADDRESS:
                    address = new IPAddress(attributes.Value);
                    break;
                case IFA_FLAGS:
                    flags = attributes.UInt32;
                    break;
            }
        }
        return (local ?? address) is { } found ? new LinkAddress(header.LinkIndex, found, header.PrefixLength, (LinkAddressFlags)flags) : null;
    }
}

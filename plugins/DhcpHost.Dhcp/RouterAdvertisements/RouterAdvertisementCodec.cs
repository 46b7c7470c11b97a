using System.Buffers.Binary;

namespace DhcpHost.Dhcp.RouterAdvertisements;

/// <summary>Writes router advertisements and recognises router solicitations (RFC 4861 sections 4.1 and 4.2, RFC 8106).</summary>
public static class RouterAdvertisementCodec
{
    /// <summary>The ICMPv6 type of a router solicitation.</summary>
    public const byte SolicitationType = 133;

    /// <summary>The ICMPv6 type of a router advertisement.</summary>
    public const byte AdvertisementType = 134;

    private const int SolicitationLength = 8;
    private const byte ManagedFlag = 0x80;
    private const byte OtherFlag = 0x40;
    private const byte OnLinkFlag = 0x80;
    private const byte AutonomousFlag = 0x40;

    /// <summary>Whether an ICMPv6 message is a router solicitation that section 6.1.1 lets a router answer, its hop limit and checksum aside.</summary>
    /// <param name="packet">The ICMPv6 message.</param>
    /// <param name="isSourceUnspecified">Whether it came from <c>::</c>: then it must not carry a link-layer address.</param>
    public static bool IsSolicitation(ReadOnlySpan<byte> packet, bool isSourceUnspecified)
    {
        if (packet.Length < SolicitationLength || packet[0] != SolicitationType || packet[1] != 0)
        {
            return false;
        }

        var options = packet[SolicitationLength..];
        while (!options.IsEmpty)
        {
            // A length counts units of eight bytes, the header with it; zero would never end.
            if (options.Length < 8 || options[1] == 0 || options[1] * 8 > options.Length)
            {
                return false;
            }

            if (options[0] == 1 && isSourceUnspecified)
            {
                return false;
            }

            options = options[(options[1] * 8)..];
        }

        return true;
    }

    /// <summary>Writes an advertisement as an ICMPv6 message whose checksum the kernel fills in.</summary>
    /// <returns>Its length; 0 where it does not fit.</returns>
    public static int Write(RouterAdvertisement advertisement, Span<byte> buffer)
    {
        ArgumentNullException.ThrowIfNull(advertisement);
        var length = Measure(advertisement);
        if (length > buffer.Length)
        {
            return 0;
        }

        buffer[..length].Clear();
        buffer[0] = AdvertisementType;
        buffer[4] = advertisement.HopLimit;
        buffer[5] = (byte)((advertisement.IsManaged ? ManagedFlag : 0) | (advertisement.HasOtherConfiguration ? OtherFlag : 0));
        BinaryPrimitives.WriteUInt16BigEndian(buffer[6..], advertisement.RouterLifetime);
        var rest = buffer[16..length];
        if (!advertisement.SourceLinkLayerAddress.IsEmpty)
        {
            var option = Next(ref rest, 1, 8);
            advertisement.SourceLinkLayerAddress.Span.CopyTo(option[2..]);
        }

        if (advertisement.Mtu > 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(Next(ref rest, 5, 8)[4..], advertisement.Mtu);
        }

        foreach (var prefix in advertisement.Prefixes)
        {
            var option = Next(ref rest, 3, 32);
            option[2] = (byte)prefix.Prefix.PrefixLength;
            option[3] = (byte)(OnLinkFlag | (prefix.IsAutonomous ? AutonomousFlag : 0));
            BinaryPrimitives.WriteUInt32BigEndian(option[4..], prefix.ValidLifetime);
            BinaryPrimitives.WriteUInt32BigEndian(option[8..], prefix.PreferredLifetime);
            _ = prefix.Prefix.BaseAddress.TryWriteBytes(option[16..], out _);
        }

        if (advertisement.DnsServers.Count > 0)
        {
            var option = Next(ref rest, 25, 8 + (16 * advertisement.DnsServers.Count));
            BinaryPrimitives.WriteUInt32BigEndian(option[4..], advertisement.DnsLifetime);
            for (var i = 0; i < advertisement.DnsServers.Count; i++)
            {
                _ = advertisement.DnsServers[i].TryWriteBytes(option[(8 + (16 * i))..], out _);
            }
        }

        if (!advertisement.SearchDomain.IsEmpty)
        {
            var option = Next(ref rest, 31, DomainLength(advertisement));
            BinaryPrimitives.WriteUInt32BigEndian(option[4..], advertisement.DnsLifetime);
            advertisement.SearchDomain.Span.CopyTo(option[8..]);
        }

        return length;
    }

    private static int Measure(RouterAdvertisement advertisement) =>
        16 + (advertisement.SourceLinkLayerAddress.IsEmpty ? 0 : 8) + (advertisement.Mtu > 0 ? 8 : 0) + (32 * advertisement.Prefixes.Count)
        + (advertisement.DnsServers.Count > 0 ? 8 + (16 * advertisement.DnsServers.Count) : 0)
        + (advertisement.SearchDomain.IsEmpty ? 0 : DomainLength(advertisement));

    private static int DomainLength(RouterAdvertisement advertisement) => 8 + ((advertisement.SearchDomain.Length + 7) / 8 * 8);

    private static Span<byte> Next(ref Span<byte> rest, byte type, int length)
    {
        var option = rest[..length];
        option[0] = type;
        option[1] = (byte)(length / 8);
        rest = rest[length..];
        return option;
    }
}

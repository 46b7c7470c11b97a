using System.Buffers.Binary;

namespace DhcpHost.Dhcp.V6;

/// <summary>The content of an IA_NA, IA_TA or IA_PD option (RFC 8415 sections 21.4, 21.5, 21.21), read in place.</summary>
public readonly ref struct Dhcpv6IdentityAssociation
{
    private const int AddressLength = 24;
    private const int NonTemporaryHeader = 12;
    private const int TemporaryHeader = 4;

    private Dhcpv6IdentityAssociation(uint iaid, Dhcpv6Options options)
    {
        Iaid = iaid;
        Options = options;
    }

    /// <summary>The client's number for it.</summary>
    public uint Iaid { get; }

    /// <summary>The options in it: addresses or prefixes, a status.</summary>
    public Dhcpv6Options Options { get; }

    /// <summary>Reads one; false where the content is too short or its options run over its end.</summary>
    public static bool TryParse(Dhcpv6Option option, out Dhcpv6IdentityAssociation association)
    {
        association = default;
        var header = option.Code == Dhcpv6OptionCode.IaTa ? TemporaryHeader : NonTemporaryHeader;
        if (option.Data.Length < header || !Dhcpv6Options.TryParse(option.Data[header..], out var options))
        {
            return false;
        }

        association = new(BinaryPrimitives.ReadUInt32BigEndian(option.Data), options);
        return true;
    }

    /// <summary>The address, 16 bytes, of an IA Address option; false where the option is none or too short.</summary>
    public static bool TryGetAddress(Dhcpv6Option option, out ReadOnlySpan<byte> address)
    {
        var isAddress = option.Code == Dhcpv6OptionCode.IaAddress && option.Data.Length >= AddressLength;
        address = isAddress ? option.Data[..16] : default;
        return isAddress;
    }
}

using System.Buffers.Binary;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.InProcess.Leases;

/// <summary>The octets by which a client is known: a kind, then what makes it unique within a network.</summary>
internal static class ClientKey
{
    /// <summary>The longest key: a DHCPv6 one with the longest DUID (RFC 8415 section 11.1), or a client identifier of 255 octets.</summary>
    public const int MaxLength = 1 + byte.MaxValue;

    private const int MacLength = 6;
    private const byte Hardware = 0;
    private const byte ClientIdentifier = 1;
    private const byte InheritedHardware = 2;
    private const byte Association = 6;

    /// <summary>A DHCPv4 client that sent no identifier: hardware type and address (RFC 2131 section 4.2).</summary>
    public static ReadOnlySpan<byte> OfHardware(byte type, scoped ReadOnlySpan<byte> address, Span<byte> buffer)
    {
        buffer[0] = Hardware;
        buffer[1] = type;
        address.CopyTo(buffer[2..]);
        return buffer[..(2 + address.Length)];
    }

    /// <summary>
    /// A DHCPv4 client of a server before this one that noted its Ethernet address alone (as Kea does): whether it sends an
    /// identifier, too, is known when it comes.
    /// </summary>
    public static ReadOnlySpan<byte> OfInherited(MacAddress mac, Span<byte> buffer)
    {
        buffer[0] = InheritedHardware;
        mac.CopyTo(buffer[1..]);
        return buffer[..(1 + MacLength)];
    }

    /// <summary>A DHCPv4 client's identifier (option 61), opaque.</summary>
    public static ReadOnlySpan<byte> OfIdentifier(scoped ReadOnlySpan<byte> identifier, Span<byte> buffer)
    {
        buffer[0] = ClientIdentifier;
        identifier.CopyTo(buffer[1..]);
        return buffer[..(1 + identifier.Length)];
    }

    /// <summary>An identity association of a DHCPv6 client (RFC 8415 section 12).</summary>
    public static ReadOnlySpan<byte> OfAssociation(scoped ReadOnlySpan<byte> duid, uint iaid, Span<byte> buffer)
    {
        buffer[0] = Association;
        BinaryPrimitives.WriteUInt32BigEndian(buffer[1..], iaid);
        duid.CopyTo(buffer[5..]);
        return buffer[..(5 + duid.Length)];
    }

    /// <summary>The client identifier in a key; empty where it is of another kind.</summary>
    public static ReadOnlySpan<byte> Identifier(ReadOnlySpan<byte> key) => key is [ClientIdentifier, ..] ? key[1..] : default;

    /// <summary>The DUID in a key; empty where it is of another kind.</summary>
    public static ReadOnlySpan<byte> Duid(ReadOnlySpan<byte> key) => key is [Association, _, _, _, _, ..] ? key[5..] : default;

    /// <summary>The IAID in a key; <c>null</c> where it is of another kind.</summary>
    public static uint? Iaid(ReadOnlySpan<byte> key) => key is [Association, _, _, _, _, ..] ? BinaryPrimitives.ReadUInt32BigEndian(key[1..]) : null;
}

using System.Buffers.Binary;
using System.Net;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.InProcess.Leases;

/// <summary>Leases as the host lists and ends them.</summary>
internal static class LeaseList
{
    public static List<Lease> Of(ServerLeases leases, long now) =>
        [.. Of(leases.IPv4, now), .. Of(leases.IPv6, now)];

    /// <summary>Ends a lease; false where there is no such one.</summary>
    public static bool Release(ServerLeases leases, Lease lease, long now)
    {
        var isIPv6 = lease.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        var table = isIPv6 ? leases.IPv6 : leases.IPv4;
        var address = ToNumber(lease.Address);
        return table.Find(address) is { State: LeaseState.Bound } record && record.IsActive(now)
            && (lease.MacAddress is null || record.MacAddress is null || lease.MacAddress == record.MacAddress)
            && table.Remove(address);
    }

    /// <summary>Takes in leases that another server gave; one that says too little of its client is left out.</summary>
    public static void Import(ServerLeases leases, IEnumerable<Lease> given)
    {
        Span<byte> buffer = stackalloc byte[ClientKey.MaxLength];
        foreach (var lease in given)
        {
            var isIPv6 = lease.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
            var key = isIPv6 ? KeyOfIPv6(lease, buffer) : KeyOfIPv4(lease, buffer);
            if (!key.IsEmpty)
            {
                var end = lease.ExpiresAt?.ToUnixTimeMilliseconds() ?? LeaseRecord.Never;
                _ = (isIPv6 ? leases.IPv6 : leases.IPv4).Bind(ToNumber(lease.Address), key, lease.MacAddress, lease.Hostname, end);
            }
        }
    }

    /// <summary>An address as the tables have it.</summary>
    public static UInt128 ToNumber(IPAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        _ = address.TryWriteBytes(octets, out var length);
        return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(octets) : BinaryPrimitives.ReadUInt128BigEndian(octets);
    }

    private static IEnumerable<Lease> Of(LeaseTable table, long now)
    {
        foreach (var record in table.All)
        {
            if (record.State == LeaseState.Bound && record.IsActive(now))
            {
                yield return new()
                {
                    Address = ToAddress(record.Address, table.IsIPv6),
                    MacAddress = record.MacAddress,
                    Hostname = record.Hostname,
                    ClientId = Hex(ClientKey.Identifier(record.Client)),
                    Duid = Hex(ClientKey.Duid(record.Client)),
                    Iaid = ClientKey.Iaid(record.Client),
                    ExpiresAt = record.ExpiresAt == LeaseRecord.Never ? null : DateTimeOffset.FromUnixTimeMilliseconds(record.ExpiresAt),
                };
            }
        }
    }

    private static IPAddress ToAddress(UInt128 number, bool isIPv6)
    {
        Span<byte> octets = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(octets, number);
        return new(isIPv6 ? octets : octets[12..]);
    }

    private static string? Hex(ReadOnlySpan<byte> octets) =>
        octets.IsEmpty ? null : string.Join(':', octets.ToArray().Select(octet => octet.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));

    private static ReadOnlySpan<byte> KeyOfIPv4(Lease lease, Span<byte> buffer)
    {
        if (TryParse(lease.ClientId, byte.MaxValue) is { } id)
        {
            return ClientKey.OfIdentifier(id, buffer);
        }

        return lease.MacAddress is { } mac ? ClientKey.OfInherited(mac, buffer) : default;
    }

    private static ReadOnlySpan<byte> KeyOfIPv6(Lease lease, Span<byte> buffer) =>
        TryParse(lease.Duid, ClientKey.MaxLength - 5) is { } duid && lease.Iaid is { } iaid ? ClientKey.OfAssociation(duid, iaid, buffer) : default;

    private static byte[]? TryParse(string? hex, int maxLength)
    {
        var text = hex?.Replace(":", "", StringComparison.Ordinal) ?? "";
        return text.Length > 0 && text.Length % 2 == 0 && text.Length / 2 <= maxLength && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null;
    }
}

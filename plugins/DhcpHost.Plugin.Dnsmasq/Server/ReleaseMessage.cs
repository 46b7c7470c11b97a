using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Plugin.Dnsmasq.Configuration;

namespace DhcpHost.Plugin.Dnsmasq.Server;

/// <summary>The message by which a client gives up a lease, made in its stead.</summary>
internal static class ReleaseMessage
{
    private const int BootpLength = 236;
    private const byte BootRequest = 1;
    private const byte Ethernet = 1;
    private const byte MessageTypeOption = 53;
    private const byte ServerIdentifierOption = 54;
    private const byte ClientIdentifierOption = 61;
    private const byte EndOption = 255;
    private const byte Dhcpv4Release = 7;
    private const byte Dhcpv6Release = 8;
    private const ushort ClientIdOption = 1;
    private const ushort ServerIdOption = 2;
    private const ushort IaNaOption = 3;
    private const ushort IaTaOption = 4;
    private const ushort IaAddressOption = 5;
    private const ushort ElapsedTimeOption = 8;
    private static readonly byte[] MagicCookie = [99, 130, 83, 99];

    /// <summary>DHCPRELEASE (RFC 2131 section 4.4.6).</summary>
    public static byte[] MakeIPv4(LeaseRow lease, MacAddress mac, IPAddress server)
    {
        var message = new byte[BootpLength];
        message[0] = BootRequest;
        message[1] = Ethernet;
        message[2] = 6;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), TransactionId());
        _ = lease.Address.TryWriteBytes(message.AsSpan(12), out _);
        mac.CopyTo(message.AsSpan(28));
        List<byte> options = [.. message, .. MagicCookie, MessageTypeOption, 1, Dhcpv4Release, ServerIdentifierOption, 4, .. server.GetAddressBytes()];
        if (ParseHex(lease.ClientId) is { Length: > 0 and <= byte.MaxValue } clientId)
        {
            options.AddRange([ClientIdentifierOption, (byte)clientId.Length, .. clientId]);
        }

        options.Add(EndOption);
        return [.. options];
    }

    /// <summary>Release (RFC 8415 section 18.2.7).</summary>
    public static byte[] MakeIPv6(LeaseRow lease, uint iaid, string serverDuid)
    {
        var transaction = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(transaction, TransactionId());
        transaction[0] = Dhcpv6Release;
        var iaidBytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(iaidBytes, iaid);
        byte[] address = Option(IaAddressOption, [.. lease.Address.GetAddressBytes(), .. new byte[8]]);
        byte[] association = lease.IsTemporary
            ? Option(IaTaOption, [.. iaidBytes, .. address])
            : Option(IaNaOption, [.. iaidBytes, .. new byte[8], .. address]);
        return
        [
            .. transaction,
            .. Option(ClientIdOption, ParseHex(lease.ClientId)),
            .. Option(ServerIdOption, ParseHex(serverDuid)),
            .. Option(ElapsedTimeOption, [0, 0]),
            .. association,
        ];
    }

    private static byte[] Option(ushort code, byte[] value)
    {
        var option = new byte[4 + value.Length];
        BinaryPrimitives.WriteUInt16BigEndian(option, code);
        BinaryPrimitives.WriteUInt16BigEndian(option.AsSpan(2), (ushort)value.Length);
        value.CopyTo(option.AsSpan(4));
        return option;
    }

    private static byte[] ParseHex(string text) =>
        text == "*" ? [] : [.. text.Split(':').Select(octet => byte.Parse(octet, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))];

    private static uint TransactionId() => (uint)Random.Shared.NextInt64(uint.MaxValue);
}

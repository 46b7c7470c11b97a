using System.Buffers.Binary;
using System.Net;

namespace DhcpHost.EndToEnd.Tests.Load;

/// <summary>What a DHCPv6 server said.</summary>
internal sealed record V6LoadAnswer(
    byte Type, uint TransactionId, byte[] Client, byte[] Server, int Status, IReadOnlyList<(uint Iaid, IPAddress Address, uint Lifetime)> Addresses)
{
    public static string Hex(ReadOnlySpan<byte> octets) => string.Join(':', octets.ToArray().Select(octet => $"{octet:x2}"));

    public static V6LoadAnswer Read(ReadOnlySpan<byte> message)
    {
        byte[] client = [], server = [];
        var status = 0;
        var addresses = new List<(uint, IPAddress, uint)>();
        for (var options = message[4..]; TryTake(ref options, out var code, out var value);)
        {
            switch (code)
            {
                case 1:
                    client = value.ToArray();
                    break;
                case 2:
                    server = value.ToArray();
                    break;
                case 3:
                    var iaid = BinaryPrimitives.ReadUInt32BigEndian(value);
                    for (var inner = value[12..]; TryTake(ref inner, out var innerCode, out var item);)
                    {
                        if (innerCode == 5)
                        {
                            addresses.Add((iaid, new(item[..16]), BinaryPrimitives.ReadUInt32BigEndian(item[20..])));
                        }

                        status = innerCode == 13 ? BinaryPrimitives.ReadUInt16BigEndian(item) : status;
                    }

                    break;
                case 13:
                    status = BinaryPrimitives.ReadUInt16BigEndian(value);
                    break;
            }
        }

        return new(message[0], BinaryPrimitives.ReadUInt32BigEndian(message) & 0xFF_FFFF, client, server, status, addresses);
    }

    private static bool TryTake(ref ReadOnlySpan<byte> options, out int code, out ReadOnlySpan<byte> value)
    {
        if (options.Length < 4)
        {
            code = 0;
            value = default;
            return false;
        }

        code = BinaryPrimitives.ReadUInt16BigEndian(options);
        value = options.Slice(4, BinaryPrimitives.ReadUInt16BigEndian(options[2..]));
        options = options[(4 + value.Length)..];
        return true;
    }
}

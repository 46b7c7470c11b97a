using System.Buffers.Binary;
using System.Net;

namespace DhcpHost.EndToEnd.Tests.Load;

/// <summary>What a DHCPv4 server said.</summary>
internal sealed record V4LoadAnswer(byte Type, uint TransactionId, IPAddress Address, IPAddress Server)
{
    public const byte Offer = 2;
    public const byte Ack = 5;
    public const byte Nak = 6;

    /// <summary>Reads a message; <c>null</c> where it is no server's.</summary>
    public static V4LoadAnswer? TryRead(ReadOnlySpan<byte> message)
    {
        const int optionsStart = 240;
        if (message.Length <= optionsStart || message[0] != 2)
        {
            return null;
        }

        byte type = 0;
        var server = IPAddress.Any;
        for (var at = optionsStart; at + 1 < message.Length && message[at] != 255;)
        {
            if (message[at] == 0)
            {
                at++;
                continue;
            }

            var value = message.Slice(at + 2, message[at + 1]);
            type = message[at] == 53 ? value[0] : type;
            server = message[at] == 54 ? new(value) : server;
            at += 2 + value.Length;
        }

        return new(type, BinaryPrimitives.ReadUInt32BigEndian(message[4..]), new(message.Slice(16, 4)), server);
    }
}

using CsCheck;
using DhcpHost.Dhcp.V6;
using DhcpHost.Plugin.InProcess.V6;

namespace DhcpHost.Plugin.InProcess.Tests.V6;

public sealed class V6HostileMessageTests
{
    private static readonly byte[][] Seeds =
    [
        V6Desk.Message(Dhcpv6MessageType.Solicit, flags: Dhcpv6OptionCode.RapidCommit),
        V6Desk.Message(Dhcpv6MessageType.Request, 1, ["fd77::7"], server: V6Desk.ServerDuid, requests: [23, 24, 39, 56]),
        V6Desk.Message(Dhcpv6MessageType.Rebind, 1, ["fd77::7", "fd77::9"]),
        V6Desk.Message(Dhcpv6MessageType.Decline, 1, ["fd77::7"], server: V6Desk.ServerDuid),
        V6Desk.Relayed(V6Desk.Relayed(V6Desk.Message(Dhcpv6MessageType.Solicit), "fd77::1"), "fd77::1", 1, (Dhcpv6OptionCode.InterfaceId, [1])),
    ];

    private static readonly Gen<byte[]> Mutated =
        from seed in Gen.Int[0, Seeds.Length - 1].Select(index => Seeds[index])
        from edits in Gen.Select(Gen.Int[0, 200], Gen.Byte).Array[0, 6]
        from length in Gen.Int[0, 200]
        select Mutate(seed, edits, length);

    [Fact]
    public void Whatever_comes_is_answered_by_a_whole_message_or_not_at_all()
    {
        var desk = new V6Desk(V6Desk.Port(7), V6Desk.Port(9));
        var server = new V6Server(desk.Model, desk.Bindings);
        var buffer = new byte[1400];
        Mutated.Sample(
            datagram =>
            {
                var length = server.Answer(datagram, new byte[16], V6Desk.Mac, true, desk.Now, buffer);
                Assert.InRange(length, 0, buffer.Length);
                if (length > 0)
                {
                    Assert.True(IsWhole(buffer.AsSpan(0, length)));
                }

                Assert.InRange(desk.Bindings.Count, 0, 2);
            },
            iter: 20_000,
            threads: 1);
    }

    private static bool IsWhole(ReadOnlySpan<byte> bytes) =>
        bytes[0] == (byte)Dhcpv6MessageType.RelayReply
            ? Dhcpv6RelayMessage.TryParse(bytes, out var relay) && IsWhole(relay.Relayed)
            : Dhcpv6Message.TryParse(bytes, out _);

    private static byte[] Mutate(byte[] seed, (int Place, byte Value)[] edits, int length)
    {
        var bytes = (byte[])seed.Clone();
        foreach (var (place, value) in edits)
        {
            bytes[place % bytes.Length] = value;
        }

        return length < 150 ? bytes : bytes[..(length % bytes.Length)];
    }
}

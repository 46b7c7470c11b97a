using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Plugin.InProcess.Leases;
using DhcpHost.Plugin.InProcess.V6;
using DhcpHost.Serving;
using DhcpHost.Serving.V6;

namespace DhcpHost.Fuzz;

/// <summary>DHCPv6's codec and server, and what must hold of every answer.</summary>
internal sealed class V6Target
{
    private const byte Solicit = 1;
    private const byte Advertise = 2;
    private const byte Reply = 7;
    private const byte RelayForward = 12;
    private const byte RelayReply = 13;

    private static readonly byte[] Source = IPAddress.Parse("fe80::f816:3eff:fe00:7").GetAddressBytes();
    private static readonly MacAddress Mac = MacAddress.Parse("fa:16:3e:00:00:07");

    private readonly byte[] _reply = new byte[4032];
    private readonly Func<long> _clock;
    private readonly V6Server _server;

    public V6Target(DhcpPlan plan, LeaseTable leases, Func<long> clock)
    {
        byte[] duid = [0, 3, 0, 1, 0xFA, 0x16, 0x3E, 0xFF, 0xFF, 0xFF];
        _server = new(V6ModelBuilder.Build(plan, duid, new RefusalList()), new LeaseBindings(leases));
        _clock = clock;
    }

    /// <summary>Hands a message over; true where it was answered.</summary>
    public bool Try(ReadOnlySpan<byte> message)
    {
        var length = _server.Answer(message, Source, Mac, isMulticast: true, DateTimeOffset.FromUnixTimeMilliseconds(_clock()), _reply);
        if (length == 0)
        {
            return false;
        }

        Check(length > 0 && length <= _reply.Length && message.Length >= 4, "a reply is too long, or to nothing");
        Check(message[0] is not (Advertise or Reply or RelayReply), "a reply was answered");
        Check(_reply[0] == (message[0] == RelayForward ? RelayReply : _reply[0]), "a relay's message was not answered through it");
        Check(_reply[0] is Advertise or Reply or RelayReply, "a reply is of another type");
        Check(message[0] == RelayForward || _reply.AsSpan(1, 3).SequenceEqual(message.Slice(1, 3)), "a reply is to another message");
        Check(_reply[0] != Advertise || message[0] == Solicit, "an advertisement that nobody asked for");
        return true;
    }

    private static void Check(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(what);
        }
    }
}

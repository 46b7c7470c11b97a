using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Dhcp.V6;
using DhcpHost.DriverConformance.Suite;
using DhcpHost.Plugin.InProcess.V6;
using DhcpHost.Serving;
using DhcpHost.Serving.V6;

namespace DhcpHost.Plugin.InProcess.Tests.V6;

/// <summary>A server without a socket, and a client that writes to it.</summary>
internal sealed class V6Desk
{
    public static readonly byte[] ServerDuid = [0, 3, 0, 1, 1, 2, 3, 4, 5, 6];
    public static readonly byte[] Duid = [0, 4, 9, 9, 9, 9];
    public static readonly MacAddress Mac = SamplePlans.Mac(7);

    private static readonly byte[] LinkLocal = IPAddress.Parse("fe80::1234").GetAddressBytes();

    private readonly V6Server _server;

    public V6Desk(params Port[] ports)
        : this(SamplePlans.IPv6Subnet, ports)
    {
    }

    public V6Desk(Subnet subnet, params Port[] ports)
        : this([subnet], ports)
    {
    }

    public V6Desk(IReadOnlyList<Subnet> subnets, Port[] ports)
    {
        var binding = new InterfaceBinding
        {
            Namespace = "n",
            Device = "tap0",
            MacAddress = SamplePlans.Mac(2),
            Addresses = SamplePlans.ServerAddresses.ToEquatableArray(),
        };
        Model = V6ModelBuilder.Build(SamplePlans.Make("n1", binding, subnets, ports), ServerDuid, Refusals);
        _server = new(Model, Bindings);
    }

    public V6Model Model { get; }

    public RefusalList Refusals { get; } = new();

    public MemoryBindings Bindings { get; } = new();

    public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Port Port(int number, params ExtraDhcpOption[] options) =>
        SamplePlans.Port(number, options) with { FixedIps = [new(SamplePlans.IPv6Subnet.Id, IPAddress.Parse($"fd77::{number}"))] };

    public V6Answer? Send(byte[] datagram, MacAddress? mac = null, bool isMulticast = true)
    {
        var buffer = new byte[1400];
        var length = _server.Answer(datagram, LinkLocal, mac ?? Mac, isMulticast, Now, buffer);
        return length == 0 ? null : V6Answer.Read(buffer.AsSpan(0, length));
    }

    /// <summary>A message with the client's DUID, and the server's where it has to name one.</summary>
    public static byte[] Message(
        Dhcpv6MessageType type,
        uint? iaid = 1,
        string[]? addresses = null,
        byte[]? duid = null,
        byte[]? server = null,
        ushort[]? requests = null,
        params Dhcpv6OptionCode[] flags)
    {
        var buffer = new byte[1400];
        var writer = new Dhcpv6Writer(buffer);
        writer.WriteHeader(type, 0xABCDEF);
        writer.WriteOption(Dhcpv6OptionCode.ClientId, duid ?? Duid);
        if (server is not null)
        {
            writer.WriteOption(Dhcpv6OptionCode.ServerId, server);
        }

        if (iaid is { } number)
        {
            var start = writer.BeginAssociation(Dhcpv6OptionCode.IaNa, number, 0, 0);
            foreach (var address in addresses ?? [])
            {
                writer.WriteAddress(IPAddress.Parse(address).GetAddressBytes(), 0, 0);
            }

            writer.EndOption(start);
        }

        if (requests is not null)
        {
            var start = writer.BeginOption(Dhcpv6OptionCode.OptionRequest);
            foreach (var code in requests)
            {
                writer.WriteUInt16(code);
            }

            writer.EndOption(start);
        }

        foreach (var flag in flags)
        {
            writer.WriteOption(flag, []);
        }

        Assert.False(writer.HasFailed);
        return buffer[..writer.Length];
    }

    public V6Answer? Solicit(byte[]? duid = null, MacAddress? mac = null, uint iaid = 1) => Send(Message(Dhcpv6MessageType.Solicit, iaid, duid: duid), mac);

    public V6Answer? Request(string address, byte[]? duid = null, MacAddress? mac = null, uint iaid = 1) =>
        Send(Message(Dhcpv6MessageType.Request, iaid, [address], duid, ServerDuid), mac);

    public static byte[] Relayed(byte[] message, string link, byte hops = 0, params (Dhcpv6OptionCode Code, byte[] Data)[] options)
    {
        var buffer = new byte[1400];
        var writer = new Dhcpv6Writer(buffer);
        writer.WriteRelayHeader(Dhcpv6MessageType.RelayForward, hops, IPAddress.Parse(link).GetAddressBytes(), LinkLocal);
        foreach (var (code, data) in options)
        {
            writer.WriteOption(code, data);
        }

        writer.WriteOption(Dhcpv6OptionCode.RelayMessage, message);
        Assert.False(writer.HasFailed);
        return buffer[..writer.Length];
    }
}

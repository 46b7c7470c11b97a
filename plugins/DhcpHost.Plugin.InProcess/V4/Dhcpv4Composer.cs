using System.Buffers.Binary;
using DhcpHost.Dhcp.V4;
using DhcpHost.Plugin.InProcess.V4.Options;
using DhcpHost.Serving.V4;

namespace DhcpHost.Plugin.InProcess.V4;

/// <summary>Writes replies to one message, and says where they go.</summary>
internal readonly ref struct Dhcpv4Composer
{
    /// <summary>Rapid commit (RFC 4039).</summary>
    public const byte RapidCommit = 80;

    private const byte BootReply = 2;
    private const ushort BroadcastFlag = 0x8000;
    private const ushort ServerPort = 67;
    private const ushort ClientPort = 68;
    private const uint BroadcastAddress = uint.MaxValue;
    private const int MinClientLimit = 576;
    private const int MaxClientLimit = 1500;
    private const int OptionHeader = 2;

    private readonly Dhcpv4Model _model;
    private readonly ReadOnlySpan<byte> _packet;
    private readonly uint _source;
    private readonly uint _destination;
    private readonly Span<byte> _buffer;

    public Dhcpv4Composer(Dhcpv4Model model, ReadOnlySpan<byte> packet, uint source, uint destination, Span<byte> buffer)
    {
        _model = model;
        _packet = packet;
        _source = source;
        _destination = destination;
        _buffer = buffer;
    }

    /// <summary>An OFFER or an ACK, which leaves after a write; 0 for at once.</summary>
    public Dhcpv4Reply Lease(
        Dhcpv4MessageType type, scoped Dhcpv4Reader request, scoped Dhcpv4Client client, Dhcpv4Subnet subnet, uint address, uint leaseTime, long after)
    {
        var server = ServerIdentifier(subnet);
        var isRapid = type == Dhcpv4MessageType.Ack && request.MessageType == Dhcpv4MessageType.Discover;
        var options = _model.GetOptions(subnet, client.Reservation, client.Tags);
        var (renewal, rebinding) = Times(options, leaseTime);
        var writer = Begin(request);
        writer.YiAddr = address;
        writer.CiAddr = type == Dhcpv4MessageType.Ack ? request.CiAddr : 0;
        AddBoot(ref writer, request, options, server);
        _ = writer.TryAdd(Dhcpv4OptionCode.MessageType, (byte)type);
        _ = writer.TryAdd(Dhcpv4OptionCode.ServerIdentifier, server);
        _ = writer.TryAdd(Dhcpv4OptionCode.LeaseTime, leaseTime);
        if (leaseTime != Dhcpv4Subnet.Infinite)
        {
            _ = writer.TryAdd(Dhcpv4OptionCode.RenewalTime, renewal);
            _ = writer.TryAdd(Dhcpv4OptionCode.RebindingTime, rebinding);
        }

        if (isRapid)
        {
            _ = writer.TryAdd(RapidCommit, default(ReadOnlySpan<byte>));
        }

        AddOptions(ref writer, request, options, client, subnet, address);
        return Finish(ref writer, request, address, server, after);
    }

    /// <summary>The ACK of an INFORM: options alone (RFC 2131 section 4.3.5).</summary>
    public Dhcpv4Reply Inform(scoped Dhcpv4Reader request, scoped Dhcpv4Client client, Dhcpv4Subnet subnet, uint address)
    {
        var server = ServerIdentifier(subnet);
        var options = _model.GetOptions(subnet, client.Reservation, client.Tags);
        var writer = Begin(request);
        writer.CiAddr = address;
        AddBoot(ref writer, request, options, server);
        _ = writer.TryAdd(Dhcpv4OptionCode.MessageType, (byte)Dhcpv4MessageType.Ack);
        _ = writer.TryAdd(Dhcpv4OptionCode.ServerIdentifier, server);
        AddOptions(ref writer, request, options, client, subnet, address);
        return Finish(ref writer, request, address, server, after: 0);
    }

    /// <summary>A NAK.</summary>
    public Dhcpv4Reply Refuse(scoped Dhcpv4Reader request, scoped Dhcpv4Client client, string reason)
    {
        var server = ServerIdentifier(client.Wire[0]);
        var writer = Begin(request);
        if (request.GiAddr != 0)
        {
            // The relay broadcasts it: the client may be where its address does not lead (RFC 2131 section 4.3.2).
            writer.Flags = (ushort)(request.Flags | BroadcastFlag);
        }

        _ = writer.TryAdd(Dhcpv4OptionCode.MessageType, (byte)Dhcpv4MessageType.Nak);
        _ = writer.TryAdd(Dhcpv4OptionCode.ServerIdentifier, server);
        Span<byte> text = stackalloc byte[64];
        _ = writer.TryAdd(Dhcpv4OptionCode.Message, text[..System.Text.Encoding.ASCII.GetBytes(reason, text)]);
        AddEchoes(ref writer, request);
        return request.GiAddr != 0
            ? new(writer.Finish(), Dhcpv4Path.Udp, request.GiAddr, ServerPort, server, After: 0)
            : new(writer.Finish(), Dhcpv4Path.Udp, BroadcastAddress, ClientPort, server, After: 0);
    }

    private Dhcpv4Writer Begin(scoped Dhcpv4Reader request)
    {
        var limit = request.TryGet(Dhcpv4OptionCode.MaximumMessageSize, out var size) && size.Length == sizeof(ushort)
            ? Math.Clamp((int)BinaryPrimitives.ReadUInt16BigEndian(size), MinClientLimit, MaxClientLimit)
            : MinClientLimit;

        // What the relay added it takes away again before the client sees it.
        var extra = request.TryGet(Dhcpv4OptionCode.RelayAgentInformation, out var information) ? information.Length + (2 * OptionHeader) : 0;
        return new(_buffer, BootReply, _packet, limit - Dhcpv4Writer.HeadersLength + extra);
    }

    private static (uint Renewal, uint Rebinding) TimesOf(Dhcpv4Model model, OptionSet options, uint leaseTime)
    {
        static uint Read(byte[]? value) => value is { Length: sizeof(uint) } ? BinaryPrimitives.ReadUInt32BigEndian(value) : 0;
        var renewal = Read(options[Dhcpv4OptionCode.RenewalTime]) is var t1 and not 0 ? t1 : model.RenewalTime;
        var rebinding = Read(options[Dhcpv4OptionCode.RebindingTime]) is var t2 and not 0 ? t2 : model.RebindingTime;
        rebinding = rebinding == 0 || rebinding >= leaseTime ? (uint)(leaseTime * 7L / 8) : rebinding;
        renewal = renewal == 0 || renewal >= rebinding ? Math.Min(leaseTime / 2, rebinding) : renewal;
        return (renewal, rebinding);
    }

    private (uint Renewal, uint Rebinding) Times(OptionSet options, uint leaseTime) => TimesOf(_model, options, leaseTime);

    /// <summary>What was sent to one of the server's addresses is answered from it; else the address on the client's subnet.</summary>
    private uint ServerIdentifier(Dhcpv4Subnet subnet) =>
        !subnet.IsLocal && _model.OwnAddresses.AsSpan().Contains(_destination) ? _destination : Address.ToNumber(subnet.ServerIdentifier);

    /// <summary>The header's fields for network boot. A client that asks for the options instead gets those (as dnsmasq does).</summary>
    private void AddBoot(ref Dhcpv4Writer writer, scoped Dhcpv4Reader request, OptionSet options, uint server)
    {
        var boot = _model.Boot;
        var file = boot?.FindFile(request) ?? options[Dhcpv4OptionCode.BootFileName];
        var name = boot?.ServerName ?? options[Dhcpv4OptionCode.TftpServerName];
        writer.SiAddr = boot is { NextServer: not 0 } ? boot.NextServer
            : options[OptionNames.ServerIpAddress] is { Length: sizeof(uint) } next ? BinaryPrimitives.ReadUInt32BigEndian(next) : server;
        _ = request.TryGet(Dhcpv4OptionCode.ParameterRequestList, out var requested);
        if (file is { Length: > 0 } && !(requested.Contains(Dhcpv4OptionCode.BootFileName) && _model.Boot is null))
        {
            _ = writer.TrySetFile(file);
        }

        if (name is { Length: > 0 } && !(requested.Contains(Dhcpv4OptionCode.TftpServerName) && _model.Boot is null))
        {
            _ = writer.TrySetSName(name);
        }
    }

    private void AddOptions(
        ref Dhcpv4Writer writer, scoped Dhcpv4Reader request, OptionSet options, scoped Dhcpv4Client client, Dhcpv4Subnet subnet, uint address)
    {
        // What the relay must get back has its room before options that may be left out.
        AddEchoes(ref writer, request);
        Span<bool> done = stackalloc bool[byte.MaxValue + 1];
        if (request.TryGet(Dhcpv4OptionCode.ParameterRequestList, out var requested))
        {
            foreach (var code in requested)
            {
                AddOption(ref writer, request, code, options, client, subnet, address, done);
            }

            foreach (var code in options.Forced)
            {
                AddOption(ref writer, request, code, options, client, subnet, address, done);
            }

            return;
        }

        AddOption(ref writer, request, Dhcpv4OptionCode.SubnetMask, options, client, subnet, address, done);
        AddOption(ref writer, request, Dhcpv4OptionCode.BroadcastAddress, options, client, subnet, address, done);
        AddOption(ref writer, request, Dhcpv4OptionCode.HostName, options, client, subnet, address, done);
        foreach (var code in options.Codes)
        {
            AddOption(ref writer, request, code, options, client, subnet, address, done);
        }
    }

    private void AddOption(
        ref Dhcpv4Writer writer, scoped Dhcpv4Reader request, byte code, OptionSet options, scoped Dhcpv4Client client, Dhcpv4Subnet subnet,
        uint address, scoped Span<bool> done)
    {
        if (done[code] || OptionNames.IsReserved(code) || code is Dhcpv4OptionCode.RenewalTime or Dhcpv4OptionCode.RebindingTime or Dhcpv4OptionCode.End)
        {
            return;
        }

        done[code] = true;
        if (options[code] is { } value)
        {
            if (value.Length > 0)
            {
                _ = code is Dhcpv4OptionCode.BootFileName or Dhcpv4OptionCode.TftpServerName ? AddText(ref writer, code, value) : writer.TryAdd(code, value);
            }

            return;
        }

        switch (code)
        {
            case Dhcpv4OptionCode.SubnetMask:
                _ = writer.TryAdd(code, subnet.Mask);
                break;
            case Dhcpv4OptionCode.BroadcastAddress when subnet.Mask < uint.MaxValue - 1:
                _ = writer.TryAdd(code, subnet.Prefix | ~subnet.Mask);
                break;
            case Dhcpv4OptionCode.HostName when client.FindReserved(address) is { } reserved && reserved.Address == address:
                _ = writer.TryAdd(code, reserved.HostnameOctets);
                break;
            case Dhcpv4OptionCode.BootFileName when _model.Boot?.FindFile(request) is { } file:
                _ = AddText(ref writer, code, file);
                break;
            case Dhcpv4OptionCode.TftpServerName when _model.Boot?.ServerName is { } name:
                _ = AddText(ref writer, code, name);
                break;
            default:
                break;
        }
    }

    private static bool AddText(ref Dhcpv4Writer writer, byte code, byte[] value) => writer.TryAdd(code, value);

    /// <summary>What comes back as it was sent: the client's identifier (RFC 6842), the relay's information (RFC 3046).</summary>
    private static void AddEchoes(ref Dhcpv4Writer writer, scoped Dhcpv4Reader request)
    {
        if (request.TryGet(Dhcpv4OptionCode.ClientIdentifier, out var id))
        {
            _ = writer.TryAdd(Dhcpv4OptionCode.ClientIdentifier, id);
        }

        if (request.TryGet(Dhcpv4OptionCode.RelayAgentInformation, out var information))
        {
            _ = writer.TryAdd(Dhcpv4OptionCode.RelayAgentInformation, information);
        }
    }

    private Dhcpv4Reply Finish(ref Dhcpv4Writer writer, scoped Dhcpv4Reader request, uint address, uint server, long after)
    {
        var length = writer.Finish();
        if (request.GiAddr != 0)
        {
            return new(length, Dhcpv4Path.Udp, request.GiAddr, ServerPort, server, after);
        }

        if (request.CiAddr != 0)
        {
            return new(length, Dhcpv4Path.Udp, request.CiAddr, ClientPort, server, after);
        }

        return (request.Flags & BroadcastFlag) != 0 || _model.BroadcastReplies || request.ChAddr.Length == 0
            ? new(length, Dhcpv4Path.Udp, BroadcastAddress, ClientPort, server, after)
            : new(length, Dhcpv4Path.Frame, address, ClientPort, server, after);
    }
}

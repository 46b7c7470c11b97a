using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Testing.Lab;

namespace DhcpHost.EndToEnd.Tests.Load;

/// <summary>
/// A link of a station that many DHCPv4 clients share, each with a MAC address of its own: whole frames, and ARP answered for every address that one has.
/// </summary>
internal sealed class V4LoadWire : IAsyncDisposable
{
    private const int EthernetHeader = 14;
    private const int IPv4Header = 20;
    private const int UdpHeader = 8;
    private const ushort AllProtocols = 3;
    private static readonly MacAddress Everybody = MacAddress.Parse("ff:ff:ff:ff:ff:ff");

    private readonly Socket _socket;
    private readonly IPAddress _server;
    private readonly LoadWitness _witness;
    private readonly ConcurrentDictionary<MacAddress, V4LoadClient> _clients = new();
    private readonly LoadReceiver _receiver;
    private MacAddress _serverMac = Everybody;

    private V4LoadWire(Socket socket, IPAddress server, LoadWitness witness)
    {
        _socket = socket;
        _server = server;
        _witness = witness;
        _receiver = new(socket, Receive);
    }

    /// <summary>Opens the link of a station.</summary>
    public static async Task<V4LoadWire> OpenAsync(LinuxLab lab, LabStation station, IPAddress server, LoadWitness witness, CancellationToken cancellationToken)
    {
        var socket = await lab.Broker.RunAsync(
            station.Namespace,
            () => new Socket(AddressFamily.Packet, SocketType.Raw, (ProtocolType)IPAddress.HostToNetworkOrder((short)AllProtocols)),
            cancellationToken);
        socket.Bind(new LinkEndPoint(station.Link.Index, AllProtocols));
        return new(socket, server, witness);
    }

    public V4LoadClient Add(int number)
    {
        var client = new V4LoadClient(this, number, _witness);
        Assert.True(_clients.TryAdd(client.Mac, client));
        return client;
    }

    /// <summary>Sends a message of a client, as its IP stack would.</summary>
    public void Send(MacAddress mac, IPAddress source, bool isBroadcast, ReadOnlySpan<byte> message)
    {
        var frame = new byte[EthernetHeader + IPv4Header + UdpHeader + message.Length];
        (isBroadcast ? Everybody : _serverMac).CopyTo(frame);
        mac.CopyTo(frame.AsSpan(6));
        frame[12] = 0x08;
        var ip = frame.AsSpan(EthernetHeader);
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)ip.Length);
        (ip[8], ip[9]) = (64, (byte)ProtocolType.Udp);
        source.GetAddressBytes().CopyTo(ip[12..]);
        (isBroadcast ? IPAddress.Broadcast : _server).GetAddressBytes().CopyTo(ip[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Checksum(ip[..IPv4Header]));

        // No UDP checksum: that is allowed.
        var udp = ip[IPv4Header..];
        (udp[1], udp[3]) = (68, 67);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        message.CopyTo(udp[UdpHeader..]);
        _ = _socket.Send(frame);
    }

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    private void Receive(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < EthernetHeader + IPv4Header + UdpHeader)
        {
            return;
        }

        var packet = frame[EthernetHeader..];
        if (frame[12..14] is [0x08, 0x06] && packet[..8] is [0, 1, 8, 0, 6, 4, 0, 1])
        {
            AnswerArp(packet);
        }
        else if (frame[12..14] is [0x08, 0x00] && packet[9] == (byte)ProtocolType.Udp)
        {
            var udp = packet[((packet[0] & 0xF) * 4)..BinaryPrimitives.ReadUInt16BigEndian(packet[2..])];
            if (udp[..4] is [0, 67, 0, 68] && V4LoadAnswer.TryRead(udp[UdpHeader..]) is { } answer
                && _clients.TryGetValue(new(udp.Slice(UdpHeader + 28, 6)), out var client))
            {
                _serverMac = new(frame.Slice(6, 6));
                client.Receive(answer);
            }
        }
    }

    private void AnswerArp(ReadOnlySpan<byte> request)
    {
        var target = request.Slice(24, 4);
        if (_witness.FindOwner(new(target)) is not V4LoadClient owner)
        {
            return;
        }

        Span<byte> reply = stackalloc byte[EthernetHeader + 28];
        reply.Clear();
        request.Slice(8, 6).CopyTo(reply);
        owner.Mac.CopyTo(reply[6..]);
        ((ReadOnlySpan<byte>)[0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 2]).CopyTo(reply[12..]);
        owner.Mac.CopyTo(reply[22..]);
        target.CopyTo(reply[28..]);
        request.Slice(8, 10).CopyTo(reply[32..]);
        _ = _socket.Send(reply);
    }

    private static ushort Checksum(ReadOnlySpan<byte> header)
    {
        var sum = 0;
        for (var i = 0; i < header.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(header[i..]);
        }

        return (ushort)~((sum & 0xFFFF) + (sum >> 16));
    }

    /// <summary>packet(7): a link by its number.</summary>
    private sealed class LinkEndPoint(int index, ushort protocol) : EndPoint
    {
        public override AddressFamily AddressFamily => AddressFamily.Packet;

        public override SocketAddress Serialize()
        {
            var address = new SocketAddress(AddressFamily.Packet, 20);
            BinaryPrimitives.WriteUInt16BigEndian(address.Buffer.Span[2..], protocol);
            BinaryPrimitives.WriteInt32LittleEndian(address.Buffer.Span[4..], index);
            return address;
        }
    }
}

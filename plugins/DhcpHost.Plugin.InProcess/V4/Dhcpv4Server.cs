using System.Buffers.Binary;
using DhcpHost.Dhcp.V4;
using DhcpHost.Linux.Datagrams;
using DhcpHost.Plugin.InProcess.Model;
using DhcpHost.Plugin.InProcess.Server;

namespace DhcpHost.Plugin.InProcess.V4;

/// <summary>DHCPv4 at work on one network: takes datagrams to the responder and its replies to the right socket.</summary>
internal sealed class Dhcpv4Server : IProtocolServer
{
    private const ushort ServerPort = 67;

    private readonly Dhcpv4Responder _responder;
    private readonly DatagramSocket _udp;
    private readonly DatagramSocket _frames;
    private readonly ConflictProber? _prober;
    private Dhcpv4Model _model;
    private (Dhcpv4Subnet Subnet, uint Address)? _asked;

    /// <param name="server">The network.</param>
    /// <param name="settings">What the site decides.</param>
    /// <param name="sockets">For UDP, for frames, and for ARP and ICMP where addresses are asked for.</param>
    /// <param name="model">What is served.</param>
    public Dhcpv4Server(NetworkServer server, Dhcpv4Settings settings, IReadOnlyList<DatagramSocket> sockets, Dhcpv4Model model)
    {
        _responder = new(server.Leases.IPv4, () => server.Store.Now, settings);
        _udp = sockets[0];
        _frames = sockets[1];
        _model = model;
        _prober = sockets.Count > 3 ? new(server, sockets[2], sockets[3], settings.ConflictProbe, OnProbed) : null;
        if (_prober is not null)
        {
            _responder.MayOffer = (subnet, address) =>
            {
                _asked = (subnet, address);
                return _prober.IsClear(address);
            };
        }

        _responder.Prune(model);
    }

    public void Swap(object model, DatagramReplies replies)
    {
        _model = (Dhcpv4Model)model;
        _responder.Prune(_model);
    }

    public void Receive(DatagramSocket socket, in Datagram datagram, DatagramReplies replies)
    {
        if (socket.Kind is DatagramKind.Arp or DatagramKind.Icmp4)
        {
            _prober?.Receive(socket.Kind, in datagram, replies);
            return;
        }

        var destination = datagram.Destination.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32BigEndian(datagram.Destination);
        Answer(datagram.Payload, BinaryPrimitives.ReadUInt32BigEndian(datagram.Source), destination, replies);
    }

    public void Dispose() => _prober?.Dispose();

    private void Answer(ReadOnlySpan<byte> message, uint source, uint destination, DatagramReplies replies)
    {
        _asked = null;
        var buffer = replies.Begin();
        var reply = _responder.Respond(_model, message, source, destination, buffer);
        if (reply.Path != Dhcpv4Path.None)
        {
            Send(reply, message, replies);
        }
        else if (_asked is { } asked)
        {
            _prober!.Ask(asked.Address, asked.Subnet.IsLocal, new(message.ToArray(), source, destination), replies);
        }
    }

    /// <summary>The DISCOVER that waited is looked at anew: the address is free, or another one is found.</summary>
    private void OnProbed(uint address, bool isTaken, WaitingDiscover discover, DatagramReplies replies)
    {
        if (isTaken)
        {
            _responder.Quarantine(address);
        }

        Answer(discover.Message, discover.Source, discover.Destination, replies);
    }

    private void Send(Dhcpv4Reply reply, ReadOnlySpan<byte> message, DatagramReplies replies)
    {
        Span<byte> addresses = stackalloc byte[2 * sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(addresses, reply.Destination);
        BinaryPrimitives.WriteUInt32BigEndian(addresses[sizeof(uint)..], reply.Source);
        var to = addresses[..sizeof(uint)];
        var from = addresses[sizeof(uint)..];
        if (reply.Path == Dhcpv4Path.Udp)
        {
            replies.SendUdp(_udp, reply.Length, to, reply.Port, from, reply.After);
        }
        else
        {
            replies.SendFrame(_frames, reply.Length, Dhcpv4Reader.HardwareAddress(message), to, reply.Port, from, ServerPort, reply.After);
        }
    }
}

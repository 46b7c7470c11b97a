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
    private Dhcpv4Model _model;

    public Dhcpv4Server(NetworkServer server, Dhcpv4Settings settings, DatagramSocket udp, DatagramSocket frames, Dhcpv4Model model)
    {
        _responder = new(server.Leases.IPv4, () => server.Store.Now, settings);
        _udp = udp;
        _frames = frames;
        _model = model;
        _responder.Prune(model);
    }

    public void Swap(object model, DatagramReplies replies)
    {
        _model = (Dhcpv4Model)model;
        _responder.Prune(_model);
    }

    public void Receive(DatagramSocket socket, in Datagram datagram, DatagramReplies replies)
    {
        var buffer = replies.Begin();
        var destination = datagram.Destination.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32BigEndian(datagram.Destination);
        var reply = _responder.Respond(_model, datagram.Payload, BinaryPrimitives.ReadUInt32BigEndian(datagram.Source), destination, buffer);
        if (reply.Path == Dhcpv4Path.None)
        {
            return;
        }

        Span<byte> addresses = stackalloc byte[2 * sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(addresses, reply.Destination);
        BinaryPrimitives.WriteUInt32BigEndian(addresses[sizeof(uint)..], reply.Source);
        var to = addresses[..sizeof(uint)];
        var from = addresses[sizeof(uint)..];
        if (reply.Path == Dhcpv4Path.Udp)
        {
            replies.SendUdp(_udp, reply.Length, to, reply.Port, from, reply.IsDurable);
        }
        else
        {
            var hardware = Dhcpv4Reader.HardwareAddress(datagram.Payload);
            replies.SendFrame(_frames, reply.Length, hardware, to, reply.Port, from, ServerPort, reply.IsDurable);
        }
    }

    public void Dispose()
    {
    }
}

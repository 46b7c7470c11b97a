using DhcpHost.Abstractions.Networks;
using DhcpHost.Dhcp.V6;
using DhcpHost.Linux.Datagrams;
using DhcpHost.Plugin.InProcess.Leases;
using DhcpHost.Plugin.InProcess.Model;
using DhcpHost.Plugin.InProcess.Server;
using DhcpHost.Serving.V6;

namespace DhcpHost.Plugin.InProcess.V6;

/// <summary>DHCPv6 at work on one network.</summary>
internal sealed class V6ProtocolServer : IProtocolServer
{
    private readonly NetworkServer _network;
    private readonly DatagramSocket _socket;
    private readonly LeaseBindings _bindings;
    private V6Server _server;

    public V6ProtocolServer(NetworkServer network, DatagramSocket socket, V6Model model)
    {
        _network = network;
        _socket = socket;
        _bindings = new(network.Leases.IPv6);
        _server = new(model, _bindings);
        EndStale(model);
    }

    public void Swap(object model, DatagramReplies replies)
    {
        _server = new((V6Model)model, _bindings);
        EndStale((V6Model)model);
    }

    public void Receive(DatagramSocket socket, in Datagram datagram, DatagramReplies replies)
    {
        // The same datagram comes to the other socket too, which does not tell who sent it.
        if (socket.Kind != DatagramKind.Frame6 || V6Address.IsUnspecified(datagram.Source) || datagram.Source[0] == byte.MaxValue)
        {
            return;
        }

        _bindings.After = 0;
        var reply = replies.Begin();
        var length = _server.Answer(
            datagram.Payload,
            datagram.Source,
            new MacAddress(datagram.Hardware),
            datagram.Destination[0] == byte.MaxValue,
            DateTimeOffset.FromUnixTimeMilliseconds(_network.Store.Now),
            reply);
        if (length > 0)
        {
            var port = reply[0] == (byte)Dhcpv6MessageType.RelayReply ? Dhcpv6Constants.ServerPort : Dhcpv6Constants.ClientPort;
            replies.SendUdp(_socket, length, datagram.Source, (ushort)port, default, _bindings.After);
        }
    }

    /// <summary>Ends leases of addresses that are another port's now, or nobody's to give: their clients are told so when they renew.</summary>
    private void EndStale(V6Model model)
    {
        foreach (var lease in _network.Leases.IPv6.All.Where(lease => lease.State == LeaseState.Bound && IsStale(model, lease)).ToList())
        {
            _bindings.Remove(lease.Address);
        }
    }

    private static bool IsStale(V6Model model, LeaseRecord lease)
    {
        if (model.Reserved.TryGetValue(lease.Address, out var owner))
        {
            var holder = model.ByDuid.GetValueOrDefault(Convert.ToHexStringLower(ClientKey.Duid(lease.Client)))
                ?? (lease.MacAddress is { } mac ? model.ByMac.GetValueOrDefault(mac) : owner);
            return holder != owner;
        }

        return model.FindSubnet(lease.Address) is not { GivesAddresses: true } subnet || !subnet.IsDynamic(lease.Address);
    }

    public void Dispose()
    {
    }
}

using DhcpHost.Abstractions.Drivers;
using DhcpHost.Dhcp.V6;
using DhcpHost.Linux.Datagrams;
using DhcpHost.Plugin.InProcess.Model;
using DhcpHost.Plugin.InProcess.Server;
using DhcpHost.Serving;
using DhcpHost.Serving.V6;

namespace DhcpHost.Plugin.InProcess.V6;

/// <summary>DHCPv6 (RFC 8415).</summary>
internal sealed class V6Protocol : IProtocol
{
    private const int DuidLength = 10;

    public string Name => "DHCPv6";

    public IReadOnlyList<DatagramSocketSpec> Sockets { get; } =
    [
        new(DatagramKind.Udp6, Dhcpv6Constants.ServerPort)
        {
            Groups = [Dhcpv6Constants.AllRelayAgentsAndServers, Dhcpv6Constants.AllServers],
            ReceiveBuffer = 0,
        },
        new(DatagramKind.Frame6, Dhcpv6Constants.ServerPort),
    ];

    public object? BuildModel(DhcpPlan plan, SubnetSet subnets, RefusalList refusals)
    {
        var model = V6ModelBuilder.Build(plan, MakeDuid(plan.Interface), refusals);
        return model.IsEmpty ? null : model;
    }

    public IProtocolServer Start(NetworkServer server, IReadOnlyList<DatagramSocket> sockets, object model) =>
        new V6ProtocolServer(server, sockets[0], (V6Model)model);

    /// <summary>DUID-LL (RFC 8415 section 11.4): the link is the port's, and so stays the same on whatever host serves the network.</summary>
    private static byte[] MakeDuid(InterfaceBinding binding)
    {
        var duid = new byte[DuidLength];
        (duid[1], duid[3]) = (3, 1);
        binding.MacAddress.CopyTo(duid.AsSpan(4));
        return duid;
    }
}

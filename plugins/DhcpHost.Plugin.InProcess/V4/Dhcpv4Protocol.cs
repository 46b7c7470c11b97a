using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Datagrams;
using DhcpHost.Plugin.InProcess.Model;
using DhcpHost.Plugin.InProcess.Server;
using DhcpHost.Serving;

namespace DhcpHost.Plugin.InProcess.V4;

/// <summary>DHCP for IPv4 (RFC 2131, 2132).</summary>
internal sealed class Dhcpv4Protocol(Dhcpv4Settings settings) : IProtocol
{
    private const ushort ServerPort = 67;

    public string Name => "DHCPv4";

    public IReadOnlyList<DatagramSocketSpec> Sockets { get; } =
    [
        new(DatagramKind.Udp4, ServerPort),
        new(DatagramKind.Frame4),
        .. settings.ConflictProbe > TimeSpan.Zero ? (DatagramSocketSpec[])[new(DatagramKind.Arp), new(DatagramKind.Icmp4)] : [],
    ];

    public object? BuildModel(DhcpPlan plan, SubnetSet subnets, RefusalList refusals) => new Dhcpv4ModelBuilder(plan, subnets, refusals).Build();

    public IProtocolServer Start(NetworkServer server, IReadOnlyList<DatagramSocket> sockets, object model) =>
        new Dhcpv4Server(server, settings, sockets, (Dhcpv4Model)model);
}

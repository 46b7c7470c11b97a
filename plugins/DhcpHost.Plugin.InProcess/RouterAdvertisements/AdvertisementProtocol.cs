using System.Net;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Dhcp.RouterAdvertisements;
using DhcpHost.Linux.Datagrams;
using DhcpHost.Plugin.InProcess.Model;
using DhcpHost.Plugin.InProcess.Server;
using DhcpHost.Serving;

namespace DhcpHost.Plugin.InProcess.RouterAdvertisements;

/// <summary>Router advertisements (RFC 4861 section 6.2) of a host that is no router: prefixes, MTU and name servers.</summary>
internal sealed class AdvertisementProtocol(TimeProvider timeProvider) : IProtocol
{
    public string Name => "router advertisements";

    public IReadOnlyList<DatagramSocketSpec> Sockets { get; } =
    [
        new(DatagramKind.Icmp6) { Groups = [IPAddress.Parse("ff02::2")], Icmp6Types = [RouterAdvertisementCodec.SolicitationType], ReceiveBuffer = 1 << 16 },
    ];

    public object? BuildModel(DhcpPlan plan, SubnetSet subnets, RefusalList refusals) => AdvertisementModel.Build(plan, refusals);

    public IProtocolServer Start(NetworkServer server, IReadOnlyList<DatagramSocket> sockets, object model) =>
        new AdvertisementServer(server, sockets[0], (AdvertisementModel)model, timeProvider);
}

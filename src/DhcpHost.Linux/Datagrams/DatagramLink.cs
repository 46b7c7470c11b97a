using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Linux.Datagrams;

/// <summary>Sockets that were opened on a link, in the order asked for, with the link's facts.</summary>
/// <param name="Index">The link's index inside the namespace.</param>
/// <param name="MacAddress">Its hardware address.</param>
/// <param name="Sockets">The sockets; whoever has this closes them.</param>
public sealed record DatagramLink(int Index, MacAddress MacAddress, IReadOnlyList<DatagramSocket> Sockets);

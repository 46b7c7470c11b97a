using System.Net;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugin.Files.Mapping;

/// <summary>A network as a file describes it.</summary>
/// <param name="Network">The network; among its ports is the host's own, on the subnets that DHCP serves.</param>
/// <param name="HostPort">The host's own port without its addresses.</param>
/// <param name="HostAddresses">The address that the host has, or would have, on each subnet; a subnet that is full is missing.</param>
internal sealed record LoadedNetwork(Network Network, Port HostPort, IReadOnlyDictionary<SubnetId, IPAddress> HostAddresses);

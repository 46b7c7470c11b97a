using DhcpHost.Abstractions.Drivers;
using DhcpHost.Linux.Datagrams;
using DhcpHost.Plugin.InProcess.Server;
using DhcpHost.Serving;

namespace DhcpHost.Plugin.InProcess.Model;

/// <summary>A protocol that servers speak: DHCPv4, DHCPv6, router advertisements. One for the whole driver; see <see cref="Protocols"/>.</summary>
internal interface IProtocol
{
    /// <summary>Its name in status and logs.</summary>
    string Name { get; }

    /// <summary>The sockets that it needs on a network's link.</summary>
    IReadOnlyList<DatagramSocketSpec> Sockets { get; }

    /// <summary>Makes its part of a model, immutable; <c>null</c> where the plan gives it nothing to do. Pure. Any thread.</summary>
    object? BuildModel(DhcpPlan plan, SubnetSet subnets, RefusalList refusals);

    /// <summary>Begins to serve. On the loop's thread.</summary>
    /// <param name="server">The network.</param>
    /// <param name="sockets">What <see cref="Sockets"/> asked for, in that order.</param>
    /// <param name="model">What <see cref="BuildModel"/> made.</param>
    IProtocolServer Start(NetworkServer server, IReadOnlyList<DatagramSocket> sockets, object model);
}

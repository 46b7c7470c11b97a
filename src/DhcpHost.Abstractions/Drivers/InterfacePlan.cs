using System.Net;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Drivers;

/// <summary>The interface that a network's server needs.</summary>
public sealed record InterfacePlan
{
    /// <summary>What it is for.</summary>
    public required ServerKey Server { get; init; }

    /// <summary>The network, with the subnets of this segment alone and without its ports: a change of a port leaves the plan as it is.</summary>
    public required Network Network { get; init; }

    /// <summary>The segment, where the network has several.</summary>
    public Segment? Segment { get; init; }

    /// <summary>The host's own port: it names the interface and has its MAC address.</summary>
    public required Port HostPort { get; init; }

    /// <summary>The addresses that the interface has, link-local ones aside; no others stay on it.</summary>
    public EquatableArray<IPInterfaceAddress> Addresses { get; init; }

    /// <summary>Gateways of default routes, at most one of each family; a gateway off the subnets gets a route on the link first.</summary>
    public EquatableArray<IPAddress> Gateways { get; init; }

    /// <summary>Bytes that a packet may have; 0 to leave the interface's own.</summary>
    public int Mtu { get; init; }
}

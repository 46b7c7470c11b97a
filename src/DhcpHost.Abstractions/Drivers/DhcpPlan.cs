using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Drivers;

/// <summary>What a DHCP server has to serve.</summary>
public sealed record DhcpPlan
{
    /// <summary>What it is for.</summary>
    public required ServerKey Server { get; init; }

    /// <summary>The network, with the subnets of this segment alone, ports and all.</summary>
    public required Network Network { get; init; }

    /// <summary>The interface to serve on.</summary>
    public required InterfaceBinding Interface { get; init; }

    /// <summary>Options that the site's policy decided.</summary>
    public required ServerOptions Options { get; init; }

    /// <summary>What the site and the network decided about the metadata proxy, which clients are told the way to.</summary>
    public MetadataMode Metadata { get; init; } = MetadataMode.Off;

    /// <summary>
    /// Leases that were given on this network before this driver had anything for it: by another driver, or by this one before the network was disabled.
    /// A server that is started takes them over in place of any that the driver kept from earlier, so that no client is refused its address; one that
    /// runs already knows better. <c>null</c> where there are none to take over, and in every apply after the first.
    /// </summary>
    public EquatableArray<Lease>? InheritedLeases { get; init; }

    /// <summary>What the server's process may take.</summary>
    public ChildLimits Limits { get; init; } = new();
}

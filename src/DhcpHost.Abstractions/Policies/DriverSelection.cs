using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Policies;

/// <summary>The drivers of a network.</summary>
public sealed record DriverSelection
{
    /// <summary>Makes the interface.</summary>
    public required DriverId Interface { get; init; }

    /// <summary>Runs the DHCP server.</summary>
    public required DriverId Dhcp { get; init; }

    /// <summary>Runs the metadata proxy, where one is needed; <c>null</c> where the site has none.</summary>
    public DriverId? Metadata { get; init; }
}

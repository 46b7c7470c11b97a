using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Policies;

/// <summary>What <c>select-driver</c> decides upon: which drivers serve a network.</summary>
public sealed record SelectDriverContext
{
    /// <summary>The network.</summary>
    public required Network Network { get; init; }

    /// <summary>What <c>host.toml</c> and the network itself ask for.</summary>
    public required DriverSelection Default { get; init; }

    /// <summary>What serves it now; <c>null</c> for a new network.</summary>
    public DriverSelection? Current { get; init; }

    /// <summary>Interface drivers that are loaded and healthy.</summary>
    public EquatableArray<DriverId> InterfaceDrivers { get; init; }

    /// <summary>DHCP drivers that are loaded and healthy.</summary>
    public EquatableArray<DriverId> DhcpDrivers { get; init; }

    /// <summary>Metadata drivers that are loaded and healthy.</summary>
    public EquatableArray<DriverId> MetadataDrivers { get; init; }
}

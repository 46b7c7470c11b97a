using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Sources;

namespace DhcpHost.Abstractions.Plugins;

/// <summary>What a plugin offers.</summary>
public sealed record PluginContents
{
    /// <summary>Interface drivers.</summary>
    public IReadOnlyList<IInterfaceDriver> InterfaceDrivers { get; init; } = [];

    /// <summary>DHCP drivers.</summary>
    public IReadOnlyList<IDhcpDriver> DhcpDrivers { get; init; } = [];

    /// <summary>Metadata drivers.</summary>
    public IReadOnlyList<IMetadataDriver> MetadataDrivers { get; init; } = [];

    /// <summary>Network sources.</summary>
    public IReadOnlyList<INetworkSource> NetworkSources { get; init; } = [];
}

using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Policies;
using DhcpHost.Core.Limits;

namespace DhcpHost.Core.Engine;

/// <summary>What <c>host.toml</c> says to the engine, as one immutable whole that is swapped by a reload.</summary>
/// <param name="Limits">The hard limits; not changed once it is here.</param>
/// <param name="Drivers">The default drivers.</param>
/// <param name="Server">The default server options.</param>
/// <param name="Metadata">Which networks get a metadata proxy.</param>
/// <param name="Generation">Rises with every reload that changes something: networks are then decided anew.</param>
internal sealed record EngineSettings(LimitsOptions Limits, DriverSelection Drivers, ServerOptions Server, MetadataMode Metadata, long Generation)
{
    public static EngineSettings From(DefaultsOptions defaults, LimitsOptions limits, long generation) =>
        new(limits, defaults.ToDriverSelection(), defaults.ToServerOptions(), defaults.Metadata, generation)
        {
            HasMetadataNetworks = defaults.MetadataNetworks,
        };

    /// <summary>Whether networks with a subnet in 169.254.0.0/16 behind a router are metadata access networks.</summary>
    public bool HasMetadataNetworks { get; init; }

    public ChildLimits Child => new() { MemoryBytes = Limits.ChildMemoryBytes, OpenFiles = Limits.ChildOpenFiles };
}

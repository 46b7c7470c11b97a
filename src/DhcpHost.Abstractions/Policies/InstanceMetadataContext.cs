using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Policies;

/// <summary>
/// What <c>instance-metadata</c> decides upon: an instance's <see cref="InstanceMetadata"/>. Asked once for each port, and again
/// when it or its network changes.
/// </summary>
public sealed record InstanceMetadataContext
{
    /// <summary>The network, without its ports.</summary>
    public required Network Network { get; init; }

    /// <summary>The instance's port.</summary>
    public required Port Port { get; init; }

    /// <summary>What the port says by itself; <c>Default with { … }</c> changes a part.</summary>
    public required InstanceMetadata Default { get; init; }
}

using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Policies;

/// <summary>What <c>admit-network</c> decides upon: whether this host serves a network at all.</summary>
public sealed record AdmitNetworkContext
{
    /// <summary>The network.</summary>
    public required Network Network { get; init; }

    /// <summary>The source that told of it.</summary>
    public required PluginId Source { get; init; }

    /// <summary>Networks that are served now.</summary>
    public required int ServedNetworks { get; init; }
}

using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Policies;

/// <summary>What <c>server-options</c> decides upon: a network's <see cref="ServerOptions"/>.</summary>
public sealed record ServerOptionsContext
{
    /// <summary>The network.</summary>
    public required Network Network { get; init; }

    /// <summary>What <c>host.toml</c> says; <c>Default with { … }</c> changes a part.</summary>
    public required ServerOptions Default { get; init; }
}

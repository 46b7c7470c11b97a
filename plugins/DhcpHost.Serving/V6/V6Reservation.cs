using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Serving.V6;

/// <summary>A port as DHCPv6 sees it.</summary>
public sealed record V6Reservation
{
    public required PortId PortId { get; init; }

    /// <summary>Its addresses on stateful subnets.</summary>
    public required IReadOnlyList<UInt128> Addresses { get; init; }

    /// <summary>Its name with its domain; empty for none.</summary>
    public required string Fqdn { get; init; }

    /// <summary>What it alone is told.</summary>
    public required IReadOnlyList<V6Option> Options { get; init; }
}

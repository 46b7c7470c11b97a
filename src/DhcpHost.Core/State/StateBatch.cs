using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Status;

namespace DhcpHost.Core.State;

/// <summary>What is written in one transaction.</summary>
internal sealed record StateBatch
{
    /// <summary>Networks as they are now; an empty one is deleted.</summary>
    public required IReadOnlyList<StoredNetwork> Networks { get; init; }

    /// <summary>Lease snapshots; an empty list is deleted.</summary>
    public required IReadOnlyList<(ServerKey Server, IReadOnlyList<Lease> Leases)> Leases { get; init; }

    /// <summary>Events, oldest first.</summary>
    public required IReadOnlyList<HostEvent> Events { get; init; }
}

using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Policies;
using DhcpHost.Abstractions.Status;

namespace DhcpHost.Core.Reconciling;

/// <summary>What a reconcile that went through made of a network. A failure is an exception.</summary>
internal sealed record ReconcileResult
{
    /// <summary>Where the network stands; <c>null</c> where it is gone, and forgotten.</summary>
    public required NetworkPhase? Phase { get; init; }

    /// <summary>Why, where it is not simply served.</summary>
    public string? Message { get; init; }

    /// <summary>The limit that refused it, where one did.</summary>
    public string? Limit { get; init; }

    public DriverSelection? Drivers { get; init; }

    public EquatableArray<ServerStatus> Servers { get; init; }

    public EquatableArray<Refusal> Refusals { get; init; }

    /// <summary>Whether nobody knows yet if the network is wished for: nothing was done.</summary>
    public bool IsUnknown { get; init; }
}

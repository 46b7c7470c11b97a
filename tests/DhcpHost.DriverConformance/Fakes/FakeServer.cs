using System.Collections.Immutable;
using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.DriverConformance.Fakes;

/// <summary>A server of the fake machine.</summary>
/// <param name="Pid">Its number, never used again.</param>
/// <param name="Plan">What it serves.</param>
public sealed record FakeServer(int Pid, DhcpPlan Plan)
{
    /// <summary>False where somebody else runs it: no driver of ours may touch it.</summary>
    public bool IsOurs { get; init; } = true;

    /// <summary>False where somebody changed it behind the driver's back.</summary>
    public bool IsAsApplied { get; init; } = true;

    /// <summary>How often it was reloaded.</summary>
    public int Reloads { get; init; }

    /// <summary>The leases that it holds.</summary>
    public ImmutableArray<Lease> Leases { get; init; } = [];
}

using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Http.Answers;

/// <summary>A line of <c>GET /v1/leases</c>: the leases of one network.</summary>
/// <param name="NetworkId">The network.</param>
/// <param name="Leases">Its leases.</param>
/// <param name="Problem">Why they cannot be listed, where they cannot.</param>
public sealed record NetworkLeases(NetworkId NetworkId, EquatableArray<Lease> Leases, string? Problem = null);

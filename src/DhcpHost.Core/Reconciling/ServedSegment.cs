using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Status;

namespace DhcpHost.Core.Reconciling;

/// <summary>What became of one part of a network.</summary>
internal sealed record ServedSegment(ServerStatus Status, IReadOnlyList<Refusal> Refusals);

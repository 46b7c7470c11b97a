using DhcpHost.Abstractions.Status;

namespace DhcpHost.Core.Retry;

/// <summary>What follows a failure.</summary>
/// <param name="Phase">Where the network stands meanwhile: retrying, quarantined or refused.</param>
/// <param name="Delay">The wait before the next attempt; <c>null</c> where it waits for a change, a probe or an operator.</param>
/// <param name="Reason">Why it waits for that.</param>
internal sealed record RetryPlan(NetworkPhase Phase, TimeSpan? Delay, string? Reason);

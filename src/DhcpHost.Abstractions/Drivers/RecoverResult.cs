namespace DhcpHost.Abstractions.Drivers;

/// <summary>What a recovery found.</summary>
/// <param name="Outcome">The finding.</param>
/// <param name="Reason">The evidence, for people: <c>pid 812 started at another time</c>.</param>
public sealed record RecoverResult(RecoverOutcome Outcome, string? Reason = null);

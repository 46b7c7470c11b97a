namespace DhcpHost.Abstractions.Policies;

/// <summary>What follows a failed reconcile.</summary>
/// <param name="Delay">The wait before the next attempt; <c>null</c> for quarantine.</param>
/// <param name="Reason">Why it is quarantined; shown to operators.</param>
public sealed record RetryDecision(TimeSpan? Delay, string? Reason)
{
    /// <summary>Another attempt, after a wait.</summary>
    public static RetryDecision After(TimeSpan delay) => new(delay, null);

    /// <summary>No attempt until the network changes, the probe job's time comes, or an operator says so.</summary>
    public static RetryDecision Quarantine(string reason) => new(null, reason);
}

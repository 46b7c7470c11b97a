using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Policies;

/// <summary>What <c>retry-delay</c> decides upon: what follows a failed reconcile.</summary>
public sealed record RetryDelayContext
{
    /// <summary>The network.</summary>
    public required NetworkId NetworkId { get; init; }

    /// <summary>What kind of failure it was.</summary>
    public required FailureKind Kind { get; init; }

    /// <summary>What it said.</summary>
    public required string Message { get; init; }

    /// <summary>Failures in a row, this one included: from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>A random number from 0 up to, but not including, 1: for jitter.</summary>
    public required double Random { get; init; }

    /// <summary><c>limits.retry_delay_min</c>.</summary>
    public required TimeSpan MinDelay { get; init; }

    /// <summary><c>limits.retry_delay_max</c>.</summary>
    public required TimeSpan MaxDelay { get; init; }

    /// <summary><c>limits.retry_attempts</c>: the last attempt before quarantine.</summary>
    public required int MaxAttempts { get; init; }
}

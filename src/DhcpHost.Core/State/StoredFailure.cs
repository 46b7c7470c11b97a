using DhcpHost.Abstractions.Failures;

namespace DhcpHost.Core.State;

/// <summary>The failures of a network in a row, up to now.</summary>
public sealed record StoredFailure
{
    /// <summary>What kind the last one is.</summary>
    public required FailureKind Kind { get; init; }

    /// <summary>What it says.</summary>
    public required string Message { get; init; }

    /// <summary>How many in a row.</summary>
    public required int Attempts { get; init; }

    /// <summary>When the last one was.</summary>
    public required DateTimeOffset FailedAt { get; init; }

    /// <summary>When the next attempt is due; <c>null</c> for one that waits for a change, a probe or an operator.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>The fingerprint of the network that it failed with: a network that changed while the host was away is tried at once.</summary>
    public string Fingerprint { get; init; } = "";
}

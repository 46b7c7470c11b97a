using DhcpHost.Abstractions.Drivers;
using DhcpHost.Abstractions.Failures;
using DhcpHost.Abstractions.Networks;
using DhcpHost.Abstractions.Policies;

namespace DhcpHost.Abstractions.Status;

/// <summary>How a network is: an immutable snapshot.</summary>
public sealed record NetworkStatus
{
    /// <summary>The network.</summary>
    public required NetworkId Id { get; init; }

    /// <summary>Its name for people.</summary>
    public string Name { get; init; } = "";

    /// <summary>The source that told of it.</summary>
    public required PluginId Source { get; init; }

    /// <summary>Where it stands.</summary>
    public required NetworkPhase Phase { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why, in a sentence; <c>null</c> where all is well.</summary>
    public string? Message { get; init; }

    /// <summary>The kind of the last failure, until a success.</summary>
    public FailureKind? Failure { get; init; }

    /// <summary>Failures in a row.</summary>
    public int FailedAttempts { get; init; }

    /// <summary>When the next attempt is due.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>The source's revision that is served; <c>null</c> before the first success.</summary>
    public long? ObservedRevision { get; init; }

    /// <summary>Whether what is served is the newest that the source told.</summary>
    public bool IsInSync { get; init; }

    /// <summary>Subnets that it has.</summary>
    public int Subnets { get; init; }

    /// <summary>Ports that it has.</summary>
    public int Ports { get; init; }

    /// <summary>The drivers that serve it.</summary>
    public DriverSelection? Drivers { get; init; }

    /// <summary>What runs for it, one for each segment.</summary>
    public EquatableArray<ServerStatus> Servers { get; init; }

    /// <summary>Parts that are not served.</summary>
    public EquatableArray<Refusal> Refusals { get; init; }

    /// <summary>How long the last reconcile took.</summary>
    public TimeSpan? LastDuration { get; init; }
}

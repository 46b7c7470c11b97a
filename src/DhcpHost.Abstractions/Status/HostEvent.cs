using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Status;

/// <summary>An item of the host's history.</summary>
public sealed record HostEvent
{
    /// <summary>Its place in the history, from 1, never used twice.</summary>
    public long Sequence { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>How grave.</summary>
    public required EventSeverity Severity { get; init; }

    /// <summary>What kind, as dotted words: <c>network.ready</c>, <c>server.exited</c>, <c>limit.reached</c>, <c>policy.decided</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The network that it is about, if any.</summary>
    public NetworkId? NetworkId { get; init; }

    /// <summary>What happened, in a sentence.</summary>
    public required string Message { get; init; }

    /// <summary>Further facts, as JSON text.</summary>
    public string? Details { get; init; }
}

using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Drivers;

/// <summary>What an apply did.</summary>
public record ApplyResult
{
    /// <summary>The note to store; replaces the one before.</summary>
    public required DriverHandle Handle { get; init; }

    /// <summary>What was done.</summary>
    public required ApplyAction Action { get; init; }

    /// <summary>Why that and nothing less: <c>host file changed</c>, <c>dnsmasq 2.90 cannot reload tagged hosts</c>. Empty if unchanged.</summary>
    public EquatableArray<string> Reasons { get; init; }

    /// <summary>Parts that are not served.</summary>
    public EquatableArray<Refusal> Refusals { get; init; }
}

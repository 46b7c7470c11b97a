using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Drivers;

/// <summary>What an apply would do. Making it touches nothing.</summary>
public sealed record ApplyPreview
{
    /// <summary>What would be done.</summary>
    public required ApplyAction Action { get; init; }

    /// <summary>Why.</summary>
    public EquatableArray<string> Reasons { get; init; }

    /// <summary>Parts that would not be served.</summary>
    public EquatableArray<Refusal> Refusals { get; init; }

    /// <summary>What would be written, run or set, each with what is there now.</summary>
    public EquatableArray<PreviewedChange> Changes { get; init; }
}

using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Abstractions.Drivers;

/// <summary>What a driver would run and write for a network on which no server ran before.</summary>
public sealed record RenderedServer
{
    /// <summary>The command line, from the program's name on; without what depends on the machine. Empty where there is no program.</summary>
    public EquatableArray<string> Arguments { get; init; }

    /// <summary>The files.</summary>
    public EquatableArray<RenderedFile> Files { get; init; }

    /// <summary>Parts that are left out.</summary>
    public EquatableArray<Refusal> Refusals { get; init; }
}

using System.Collections.Immutable;
using DhcpHost.Plugin.Files.Mapping;

namespace DhcpHost.Plugin.Files.Scanning;

/// <summary>What is known of one file.</summary>
internal sealed record NetworkFile
{
    /// <summary>Its name in the directory.</summary>
    public required string Name { get; init; }

    /// <summary>The hash of the bytes that were read last; <c>null</c> where they could not be read.</summary>
    public string? Hash { get; init; }

    /// <summary>Its last content without errors; <c>null</c> where there was none yet.</summary>
    public LoadedNetwork? LastGood { get; init; }

    /// <summary>What is wrong with it now, each with its place.</summary>
    public ImmutableArray<string> Problems { get; init; } = [];

    /// <summary>Since when it is missing (a timestamp); <c>null</c> while it is there.</summary>
    public long? MissingSince { get; init; }
}

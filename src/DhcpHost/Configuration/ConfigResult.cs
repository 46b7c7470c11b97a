using System.Diagnostics.CodeAnalysis;

namespace DhcpHost.Configuration;

/// <summary>A configuration, or everything that is wrong with it.</summary>
/// <param name="Loaded">The configuration; <c>null</c> where there are errors.</param>
/// <param name="Errors">The errors, one line each, with their places, in the order of the file.</param>
public sealed record ConfigResult(LoadedConfig? Loaded, IReadOnlyList<string> Errors)
{
    /// <summary>What could be read all the same; <c>null</c> where nothing could, and where there is a configuration.</summary>
    public RefusedConfig? Refused { get; init; }

    /// <summary>Whether there is a configuration.</summary>
    [MemberNotNullWhen(true, nameof(Loaded))]
    public bool Succeeded => Loaded is not null;
}

using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Core.Plugins;

/// <summary>How a plugin is.</summary>
public sealed record PluginStatus
{
    /// <summary>Its id.</summary>
    public required PluginId Id { get; init; }

    /// <summary>Its version, where its manifest could be read.</summary>
    public string? Version { get; init; }

    /// <summary>Its folder.</summary>
    public required string Directory { get; init; }

    /// <summary>Where it stands.</summary>
    public required PluginState State { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why it is so, with the cure; or what its drivers found.</summary>
    public string? Message { get; init; }

    /// <summary>Why the version or the options that are there now are not in force, though an older one works; <c>null</c> where they are.</summary>
    public string? Refused { get; init; }

    /// <summary>SHA-256 of its assembly, as hex.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Its drivers and sources: <c>dhcp dnsmasq</c>, <c>source files</c>.</summary>
    public EquatableArray<string> Offers { get; init; }

    /// <summary>How often it was swapped for a newer version since the host started.</summary>
    public int Swaps { get; init; }

    /// <summary>Old versions whose code has been asked to go, but is still in memory.</summary>
    public int LeakedContexts { get; init; }
}

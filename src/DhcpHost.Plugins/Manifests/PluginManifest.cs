using System.ComponentModel.DataAnnotations;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugins.Manifests;

/// <summary>The file <c>plugin.toml</c> of a plugin's folder.</summary>
public sealed record PluginManifest
{
    /// <summary>The file's name.</summary>
    public const string FileName = "plugin.toml";

    /// <summary>The plugin's id, which is its folder's name.</summary>
    public required PluginId Id { get; init; }

    /// <summary>The plugin's version, for people: <c>1.4.0</c>.</summary>
    [RegularExpression("^[0-9A-Za-z][0-9A-Za-z.+-]{0,63}$", ErrorMessage = "must be a version such as \"1.4.0\", at most 64 characters")]
    public required string Version { get; init; }

    /// <summary>What it is for.</summary>
    /// <value>Default driver.</value>
    public PluginKind Kind { get; init; }

    /// <summary>The contracts that it works with.</summary>
    public required ContractRange Contract { get; init; }

    /// <summary>Its assembly's file in the folder.</summary>
    [RegularExpression(@"^[0-9A-Za-z_][0-9A-Za-z._-]{0,250}\.dll$", ErrorMessage = "must be the name of a .dll file in the plugin's folder, without a path")]
    public required string Assembly { get; init; }

    /// <summary>The assembly's SHA-256 as hex; where it is given, a file that differs is refused.</summary>
    [RegularExpression("^[0-9A-Fa-f]{64}$", ErrorMessage = "must be 64 hex digits, as `sha256sum` prints them")]
    public string? Sha256 { get; init; }

    /// <summary>What it is, for people.</summary>
    [StringLength(500)]
    public string Description { get; init; } = "";
}

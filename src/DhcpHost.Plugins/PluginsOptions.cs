using System.ComponentModel.DataAnnotations;
using DhcpHost.Abstractions.Networks;

namespace DhcpHost.Plugins;

/// <summary>The table <c>[plugins]</c>: where plugins are, and which of them are trusted.</summary>
public sealed class PluginsOptions : IValidatableObject
{
    /// <summary>
    /// Directories that hold one folder per plugin; relative ones start at the directory of <c>host.toml</c>. The first that has an id
    /// wins.
    /// </summary>
    /// <value>Default <c>plugins</c>.</value>
    [Length(1, 16)]
    public IReadOnlyList<string> Directories { get; set; } = ["plugins"];

    /// <summary>The only plugins that may be loaded; without the key, all that are found.</summary>
    public IReadOnlyList<PluginId>? Allow { get; set; }

    /// <summary>
    /// SHA-256 of a plugin's assembly, as hex: another file is refused. Where this has any, plugins that are not in it are still loaded;
    /// see <see cref="Allow"/>.
    /// </summary>
    public IReadOnlyDictionary<PluginId, string> Sha256 { get; set; } = new Dictionary<PluginId, string>();

    /// <summary>Plugins that may bring native libraries. Their code cannot be checked before it is loaded and can take the whole host down.</summary>
    /// <value>Default none.</value>
    public IReadOnlyList<PluginId> AllowNative { get; set; } = [];

    /// <summary>Loads replaced, new and removed plugins while the host runs.</summary>
    /// <value>Default true.</value>
    public bool Watch { get; set; } = true;

    /// <summary>How often folders are looked at even where the kernel told of no change.</summary>
    /// <value>Default 30 s.</value>
    public TimeSpan RescanInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a replaced version may take to finish the calls that run in it; after that the replacement is put off.</summary>
    /// <value>Default 30 s.</value>
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (id, hash) in Sha256)
        {
            if (hash.Length != 64 || !hash.All(char.IsAsciiHexDigit))
            {
                yield return new($"must be 64 hex digits, as `sha256sum` prints them, but for '{id}' is '{hash}'", [nameof(Sha256)]);
            }
        }

        if (Directories.Any(string.IsNullOrWhiteSpace))
        {
            yield return new("must not hold an empty name", [nameof(Directories)]);
        }

        foreach (var (value, name) in new[] { (RescanInterval, nameof(RescanInterval)), (DrainTime, nameof(DrainTime)) })
        {
            if (value <= TimeSpan.Zero)
            {
                yield return new("must be above zero", [name]);
            }
        }
    }
}
